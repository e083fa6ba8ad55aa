import type { Memo, Pattern, Span } from '../span.ts'
import { identifierAt } from './identifier.ts'
import { scanFlow } from './manifest-flow.ts'
import { scanGo } from './manifest-go.ts'
import { scanLines } from './manifest-lines.ts'

const FLOW = /\\{0,7}["']?\s{0,80}(?::|=>|=)\s{0,80}\{/y
const FLOW_ITEMS = /\\{0,7}["']?\s{0,80}(?::|=>)\s{0,80}\[/y
const FLOW_KIND = /\\{0,7}["']?[ \t]{0,80}(?::|=>|=)\s{0,80}\\{0,7}["']?Secret(?:List)?\b/y
const LINE = /\\{0,7}["']?[ \t]{0,40}:[ \t]{0,80}(?=[{!&#|>\n]|$)/y
const DESCRIBED = /\n={4,}\n/y
const IN_BRACES = /(?:\\{0,7}["']|[{,][ \t]{0,4})$/
const MOST_WORDS = 8
const LONGEST_PREFIX = 240

/**
 * A Secret's manifest as JSON or other text in braces: every value below its `data` and `stringData`, whatever the key.
 */
export const manifestObjects: Pattern = {
  id: 'manifest-objects',
  anchors: ['data', 'kind', 'items'],
  find(text, index, out) {
    const { start, end, name } = fieldAt(text, index)
    if (text[end] === ':' && /^(?:data|stringData|Data|StringData)$/.test(name)) {
      const stopped = scanGo(text, end, name, out)
      if (stopped !== undefined) return stopped
    }
    const pattern = PATTERN_OF[name.toLowerCase()]
    if (
      !pattern ||
      !matches(pattern, text, end) ||
      !IN_BRACES.test(text.slice(Math.max(0, start - 8), start))
    )
      return end
    let from = start
    if (/["']/.test(text[start - 1] ?? '')) from--
    while (from < start && start - from < 8 && text[from - 1] === '\\') from--
    return scanFlow(text, from, out)
  },
}

const PATTERN_OF: Readonly<Record<string, RegExp>> = {
  kind: FLOW_KIND,
  items: FLOW_ITEMS,
  data: FLOW,
  stringdata: FLOW,
}

/**
 * The same in lines, as YAML has them. Here it is only noted that there are some; `findManifestLines` reads them. What
 * `describe` prints of a Secret is found at once.
 */
export const manifestLines: Pattern = {
  id: 'manifest-lines',
  anchors: ['data'],
  find(text, index, out, memo) {
    const { start, end, name } = fieldAt(text, index)
    if (!/^(?:string)?data$/i.test(name)) return end
    if (matches(LINE, text, end)) noteLine(text, start, memo)
    return matches(DESCRIBED, text, end) ? described(text, start, DESCRIBED.lastIndex, out) : end
  },
}

/** Reads what the anchors showed to be lines of a manifest, once for each number of words before them. */
export function findManifestLines(text: string, memo: Memo, out: Span[]): void {
  for (let words = 0; words <= MOST_WORDS; words++) {
    if (((memo.manifestLines ?? 0) >> words) & 1) scanLines(text, words, out)
  }
}

/** The sign of a change before a name is none of the name's. */
function fieldAt(text: string, index: number): { start: number; end: number; name: string } {
  let { start, end } = identifierAt(text, index)
  while (start < index && (text[start] === '-' || text[start] === '.')) start++
  return { start, end, name: text.slice(start, end) }
}

function matches(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index
  return pattern.test(text)
}

function noteLine(text: string, start: number, memo: Memo): void {
  // Behind a brace, a comma or a letter it is another thing.
  let i = start - 1
  while (i >= 0 && start - i < 9 && /["'\\]/.test(text[i] ?? '')) i--
  if (i >= 0 && !/[\s+-]/.test(text[i] ?? '')) return
  const { words, isDashed } = wordsBefore(text, start)
  // `logger - data:` may be a word more, or an item of a list.
  const counts = 1 | (1 << words) | (isDashed && words > 0 ? 2 << words : 0)
  memo.manifestLines = (memo.manifestLines ?? 0) | counts
}

/** The words before the columns in which a field stands: a log prefix. */
function wordsBefore(text: string, start: number): { words: number; isDashed: boolean } {
  let i = start - 1
  const least = Math.max(-1, start - LONGEST_PREFIX)
  while (i > least && /["'\\]/.test(text[i] ?? '')) i--
  if (/string $/i.test(text.slice(Math.max(0, i - 6), i + 1))) i -= 7
  let isDashed = false
  for (; i > least && /[ \t+-]/.test(text[i] ?? ''); i--) isDashed ||= text[i] === '-'
  let words = 0
  for (; i > least && text[i] !== '\n' && words < MOST_WORDS; i--) {
    if (!isBlank(text, i) && isBlank(text, i - 1)) words++
  }
  return { words, isDashed }
}

function isBlank(text: string, index: number): boolean {
  const code = index < 0 ? 10 : text.charCodeAt(index)
  return code === 32 || code === 9 || code === 10
}

/** What `describe` says of a Secret: sizes; whoever shows more shows values. */
function described(text: string, start: number, from: number, out: Span[]): number {
  if (!/(?:^|\n)[ \t]*Type:[^\n]*\n\s*$/.test(text.slice(Math.max(0, start - 400), start))) return from
  const indent = /[ \t]*$/.exec(text.slice(Math.max(0, start - 80), start))?.[0] ?? ''
  let at = from
  for (;;) {
    const next = text.indexOf('\n', at)
    const end = next === -1 ? text.length : next
    const line = text.slice(at, end)
    const match = /^[ \t]*[\w.-]{1,253}:[ \t]+(?!\d{1,9} ?(?:b(?:y(?:t(?:es?)?)?)?)?\s*$)(?=\S)/.exec(line)
    if (line.trim() === '' || line.search(/\S/) !== indent.length || line.startsWith('Name:')) return end
    if (match) out.push({ start: at + match[0].length, end: at + line.trimEnd().length, kind: 'secret' })
    if (next === -1) return end
    at = next + 1
  }
}
