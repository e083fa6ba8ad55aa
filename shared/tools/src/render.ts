import { dump } from 'js-yaml'
import type { AnyTool } from './tool.ts'

/** The reply as text: the tool's own summary, else YAML. */
export function renderText(tool: AnyTool | undefined, data: unknown): string {
  if (tool?.summarize) return tool.summarize(data)
  return toYaml(data)
}

/** Compact YAML: no anchors, no line folding, keys in their order. */
export function toYaml(data: unknown): string {
  return dump(data, { lineWidth: -1, noRefs: true, skipInvalid: true })
}

/** Rows as an aligned table with a header, the columns in the order of the first row that has them. */
export function toTable(rows: readonly Record<string, unknown>[], columns?: readonly string[]): string {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [names.map((name) => name.toUpperCase())]
  for (const row of rows) lines.push(names.map((name) => cellText(row[name])))
  return lines.map((line) => line.join('  ').trimEnd()).join('\n')
}

function cellText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-'
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value).replaceAll('\n', ' ')
}
