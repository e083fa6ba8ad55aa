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

export function toolTable(tools: readonly AnyTool[], pages: string): string {
  const rows = tools.map((tool) => [
    `[\`${tool.name}\`](${pages}/${tool.name}.md)`,
    tool.description,
    tool.essential ? 'yes' : '',
    tool.rest ? `\`${tool.rest.method} ${tool.rest.path}\`` : '',
  ])
  return table(['Tool', 'What it answers', 'essential', 'REST besides `POST /tools/<name>`'], rows)
}

export function settingsTable(settings: Record<string, Setting<unknown>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => [
    setting.secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``,
    setting.fallback === undefined ? '–' : `\`${setting.shown ?? String(setting.fallback)}\``,
    setting.help,
  ])
  return table(['Setting', 'Default', 'Meaning'], rows)
}
