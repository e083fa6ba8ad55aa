import { catalogue } from '@gatehouse/errors'
import type { Setting } from '@gatehouse/host'
import type { AnyTool } from '@gatehouse/tools'

/** Markdown tables. Cells must not end a row: pipes are escaped. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}

export function errorTable(): string {
  const rows = Object.entries(catalogue).map(([code, entry]) => [
    `\`${code}\``,
    String(entry.http),
    entry.text,
    entry.hint,
  ])
  return table(['Code', 'HTTP', 'Message unless more is known', 'What to do next'], rows)
}

/** Columns that say nothing about any of the tools are left out. */
export function toolTable(tools: readonly AnyTool[], pages: string): string {
  const columns: [string, (tool: AnyTool) => string][] = [
    ['Tool', (tool) => `[\`${tool.name}\`](${pages}/${tool.name}.md)`],
    ['What it does', (tool) => tool.description],
    ['essential', (tool) => (tool.essential ? 'yes' : '')],
    ['REST besides `POST /tools/<name>`', ({ rest }) => (rest ? `\`${rest.method} ${rest.path}\`` : '')],
  ]
  const used = columns.filter(([, cell]) => tools.some((tool) => cell(tool) !== ''))
  return table(
    used.map(([name]) => name),
    tools.map((tool) => used.map(([, cell]) => cell(tool))),
  )
}

export function settingsTable(settings: Record<string, Setting<unknown>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => [
    setting.secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``,
    setting.fallback === undefined ? '–' : `\`${setting.shown ?? String(setting.fallback)}\``,
    setting.help,
  ])
  return table(['Setting', 'Default', 'Meaning'], rows)
}
