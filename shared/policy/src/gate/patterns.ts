/** Whether a name matches a pattern in which `*` stands for any characters. Linear, whatever the pattern. */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false
  let at = first.length
  const end = name.length - last.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

/** `Deployment`, `Deployment.apps` or `*.apps`. A pattern without a group means the kind in every group. */
export function matchesKind(pattern: string, { kind, group }: { kind: string; group: string }): boolean {
  const dot = pattern.indexOf('.')
  const [wantedKind, wantedGroup] =
    dot === -1 ? [pattern, undefined] : [pattern.slice(0, dot), pattern.slice(dot + 1)]
  return (wantedKind === '*' || wantedKind === kind) && (wantedGroup === undefined || wantedGroup === group)
}
