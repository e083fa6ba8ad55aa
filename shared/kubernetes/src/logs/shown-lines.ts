import type { Sanitizer } from '@gatehouse/sanitizer'

const MOST_CHARS = 2_000

/**
 * Lines as they may be shown. Sanitised as one text, because a secret may span lines, and before long ones are cut,
 * because half a token no longer looks like one.
 */
export function shownLines(lines: readonly string[], sanitizer: Sanitizer): string[] {
  if (lines.length === 0) return []
  const clean: string = sanitizer.text(lines.join('\n'))
  return clean.split('\n').map(cutLine)
}

function cutLine(line: string): string {
  if (line.length <= MOST_CHARS) return line
  const size = /… \[line of \d+ bytes, cut\]$/.exec(line)?.[0]
  return `${line.slice(0, MOST_CHARS)}${size ?? `… [line of ${line.length} characters, cut]`}`
}
