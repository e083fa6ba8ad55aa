import type { AnyTool } from './tool.ts'

/**
 * The tools of one set: `all`, `essential`, `readonly` or a name prefix such as `infra.k8s.pods`.
 * An empty result means the set is unknown.
 */
export function toolset(tools: readonly AnyTool[], name: string): AnyTool[] {
  if (name === 'all') return [...tools]
  if (name === 'essential') return tools.filter((tool) => tool.essential)
  if (name === 'readonly') return tools.filter((tool) => tool.risk === 'read')
  const prefix = name.replaceAll('_', '.')
  return tools.filter((tool) => tool.name === prefix || tool.name.startsWith(`${prefix}.`))
}

/** Several sets at once, in the order of the tools. Throws with the unknown set's name. */
export function toolsets(tools: readonly AnyTool[], names: readonly string[]): AnyTool[] {
  const chosen = new Set<AnyTool>()
  for (const name of names) {
    const set = toolset(tools, name)
    if (set.length === 0) throw new Error(`there is no toolset "${name}"`)
    for (const tool of set) chosen.add(tool)
  }
  return tools.filter((tool) => chosen.has(tool))
}

// Accepted by every tool that has them, and named once in the server's instructions.
const EVERYWHERE = ['context', 'maxTokens', 'reason']

/** Inputs that the list of an `essential` set leaves out: accepted, but not worth a token in each conversation. */
export function unlistedInputs(tool: AnyTool): readonly string[] {
  return Array.isArray(tool.essential) ? [...EVERYWHERE, ...tool.essential] : EVERYWHERE
}
