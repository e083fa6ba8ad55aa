import type { AnyTool } from './tool.ts'

export type NameStyle = 'dotted' | 'safe'

/** `infra.k8s.pods.listPods` → `infra_k8s_pods_listPods`, which every host accepts. */
export function safeName(canonical: string): string {
  return canonical.replaceAll('.', '_')
}

/** Two-way table of canonical and safe names. Throws when two tools would share one. */
export function nameTable(tools: readonly AnyTool[]): Map<string, AnyTool> {
  const table = new Map<string, AnyTool>()
  for (const tool of tools) {
    for (const name of new Set([tool.name, safeName(tool.name)])) {
      if (table.has(name)) throw new Error(`two tools are called "${name}"`)
      table.set(name, tool)
    }
  }
  return table
}
