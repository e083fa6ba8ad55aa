const MOST_CHARS = 120

/** A value in one line, cut with its size. */
export function oneValue(value: unknown): string {
  const text = typeof value === 'string' ? printable(value) : JSON.stringify(value)
  if (text.length <= MOST_CHARS) return text
  return `${text.slice(0, MOST_CHARS)}… (${text.length} characters)`
}

/** Two texts that differ, cut to where they do; `at` names the place in a long one. */
export function twoTexts(before: string, after: string): { at: string; old: string; new: string } {
  if (!before.includes('\n') && !after.includes('\n')) return twoLines(before, after)
  const [olds, news] = [before.split('\n'), after.split('\n')]
  const start = commonStart(olds, news)
  const end = commonStart(olds.slice(start).reverse(), news.slice(start).reverse())
  const changed = (lines: string[]) => lines.slice(start, lines.length - end)
  const [was, is] = [changed(olds), changed(news)]
  const at = ` (line ${start + 1}${Math.max(was.length, is.length) > 1 ? ' on' : ''})`
  if (was.length === 1 && is.length === 1) return { ...twoLines(was[0] ?? '', is[0] ?? ''), at }
  return { at, old: oneValue(was.join('\n')), new: oneValue(is.join('\n')) }
}

// Of long lines the part around the first difference; the same place on both sides.
function twoLines(before: string, after: string): { at: string; old: string; new: string } {
  const start = commonStart(before, after)
  if (before.length <= MOST_CHARS && after.length <= MOST_CHARS) {
    return { at: '', old: printable(before), new: printable(after) }
  }
  const from = Math.max(0, start - 20)
  const part = (text: string) => {
    const cut = text.slice(from, from + MOST_CHARS)
    const tail = from + MOST_CHARS < text.length ? '…' : ''
    return `${from > 0 ? '…' : ''}${printable(cut)}${tail} (${text.length} characters)`
  }
  return { at: '', old: part(before), new: part(after) }
}

function commonStart(a: ArrayLike<string>, b: ArrayLike<string>): number {
  let index = 0
  while (index < a.length && index < b.length && a[index] === b[index]) index++
  return index
}

// A quoted form where plain text would be ambiguous: "" against nothing, "true" against true. Marks stay as they are.
export function printable(text: string): string {
  if (/^\[redacted:[a-z0-9-]+(:[0-9a-f]+)?\]/.test(text)) return text
  const plain =
    /^[^\s"'{[][^\n\r\t]*$/.test(text) && !/^(true|false|null|-?[\d.]+)$/.test(text) && !/\s$/.test(text)
  return plain ? text : JSON.stringify(text)
}
