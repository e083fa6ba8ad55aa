const NOTE = /^\n?\[cut: [0-9]+ more characters\]$/

/**
 * Stage 6: at most `limit` characters, and what was left out said at the end. Redaction comes first, so a
 * cut never makes half a secret of a whole one.
 */
export function bound(text: string, limit: number): string {
  if (text.length <= limit || NOTE.test(text.slice(limit))) return text
  let end = limit
  const mark = text.lastIndexOf('[', end)
  if (mark > end - 64 && text.slice(mark, end + 64).startsWith('[redacted:')) end = mark
  if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end--
  return `${text.slice(0, end)}\n[cut: ${text.length - end} more characters]`
}

/** What stands in for text that could not be sanitised. */
export function withheld(reason: string): string {
  return `[withheld: ${reason}]`
}
