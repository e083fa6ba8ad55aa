type Cell = unknown

/** An aligned table as kubectl prints it; keys become headings, `upToDate` UP-TO-DATE. */
export function tableText(rows: readonly Record<string, Cell>[], columns: readonly string[]): string {
  const lines = [columns.map(heading), ...rows.map((row) => columns.map((column) => cellText(row[column])))]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}

function heading(key: string): string {
  const name = key.replace(/^metadata\./, '')
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toUpperCase()
}

function cellText(value: Cell): string {
  if (value === undefined || value === null || value === '') return '<none>'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replaceAll(/\s+/g, ' ')
}
