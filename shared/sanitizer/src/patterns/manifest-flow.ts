import type { Span } from '../span.ts'
import { addLeaf, closeFrame, type Frame, newFrame, tell } from './manifest-frame.ts'
import { isTextEnd } from './text-end.ts'

const BLANKS = /(?:\s|\\{1,7}[nrt](?![A-Za-z0-9]))+/y
const KEY_SIGN = /(?:\s|\\{1,7}[nrt])*(?::|=>)/y
const BARE = /[^,{}[\]\n:\\"']+(?:(?::(?![\s"'{[]|$)|\\(?!["'nrt]))[^,{}[\]\n:\\"']*)*/y
const JAVA_KEY = /^[\w./-]{1,253}=(?!=)/
const SLASHES = /\\*/y
const GOES_ON = /(?:\s|\\{1,7}[nrt]){0,200}(?:[,}\]]|$)/y
const MOST_FRAMES = 200

type Token = { start: number; end: number; next: number }
type Scan = { text: string; out: Span[]; stack: Frame[] }

/**
 * Reads JSON, Python, Ruby or YAML in braces from a key of an object on, to the end of that object, however often its
 * quotes are escaped. Adds the values of Secrets in it, and returns where it stopped.
 */
export function scanFlow(text: string, from: number, out: Span[]): number {
  const scan: Scan = { text, out, stack: [newFrame(0)] }
  let i = from
  while (i < text.length && scan.stack.length > 0) {
    BLANKS.lastIndex = i
    if (BLANKS.test(text)) i = BLANKS.lastIndex
    if (i >= text.length) break
    const next = step(scan, i)
    if (next === undefined) break
    i = next
  }
  while (scan.stack.length > 0) pop(scan, i >= text.length)
  return Math.max(i, from + 1)
}

/** The values of an object that begins at `from`, into a section. Returns where it ends. */
export function scanSection(text: string, from: number, section: Frame, out: Span[]): number {
  const scan: Scan = { text, out, stack: [section] }
  let i = from
  while (i < text.length && scan.stack.length > 0) {
    BLANKS.lastIndex = i
    if (BLANKS.test(text)) i = BLANKS.lastIndex
    if (i >= text.length) break
    i = step(scan, i) ?? text.length
  }
  return i
}

function step(scan: Scan, i: number): number | undefined {
  const { text, stack } = scan
  const frame = stack.at(-1)
  if (!frame) return undefined
  const sign = text[i]
  if (sign === '{' || sign === '[') {
    if (stack.length > MOST_FRAMES) return undefined
    push(scan, frame, sign)
    return i + 1
  }
  if (sign === '}' || sign === ']') {
    pop(scan, false)
    return i + 1
  }
  if (sign === ',') {
    if (!isList(frame)) frame.key = ''
    return i + 1
  }
  if (sign === ':') return i + 1
  const token = tokenAt(text, i)
  // Java writes `data={a=eA==}`; only a key stands before the first sign.
  const named = JAVA_KEY.exec(text.slice(token.start, Math.min(token.end, token.start + 254)))?.[0].length
  if (named !== undefined && frame.key === '' && token.end > token.start) {
    frame.key = text.slice(token.start, token.start + named - 1)
    return token.start + named
  }
  KEY_SIGN.lastIndex = token.next
  if (KEY_SIGN.test(text)) {
    frame.key = text.slice(token.start, token.end).trim()
    return KEY_SIGN.lastIndex
  }
  value(scan, frame, token)
  // Of the object around the first key nothing is known but that a comma parts its fields.
  if (stack.length > 1 || frame.owner !== undefined) return token.next
  GOES_ON.lastIndex = token.next
  return GOES_ON.test(text) ? token.next : undefined
}

function isList(frame: Frame): boolean {
  return frame.column < 0
}

function push({ stack }: Scan, parent: Frame, sign: string): void {
  // A list stands for its field: what it lists belongs to the same key.
  const column = sign === '[' ? -1 : 0
  const { key, section } = parent
  if (section !== undefined) stack.push(newFrame(column, key, section, parent.owner ?? parent))
  else if (key === 'data' || key === 'stringData') stack.push(newFrame(column, '', key, parent))
  else if (column === 0) stack.push(newFrame(column))
  else {
    const list = newFrame(column, key)
    parent.items ??= []
    list.items = parent.items
    stack.push(list)
  }
}

function pop({ text, stack, out }: Scan, isEnd: boolean): void {
  const frame = stack.pop()
  const parent = stack.at(-1)
  if (!frame || frame.section !== undefined) return
  if (!isList(frame)) closeFrame(text, frame, parent, isEnd, out)
}

function value({ text, out }: Scan, frame: Frame, { start, end }: Token): void {
  if (frame.section !== undefined) {
    if (frame.key !== '') addLeaf(text, frame, start, end, out)
  } else tell(frame, frame.key, text.slice(start, end).trim(), isTextEnd(text, end))
}

function tokenAt(text: string, i: number): Token {
  SLASHES.lastIndex = i
  SLASHES.test(text)
  const at = SLASHES.lastIndex
  const quote = text[at]
  if (quote === '"' || quote === "'") return quoted(text, at + 1, at - i, quote)
  BARE.lastIndex = i
  if (!BARE.test(text)) return { start: i, end: i, next: Math.max(at, i + 1) }
  const end = BARE.lastIndex
  // The sign before a string: `b'…'`.
  const isPrefix = /["'\\]/.test(text[end] ?? '') && end - i <= 2
  return { start: i, end: isPrefix ? i : end, next: end }
}

/** Inside a string that is escaped itself only a quote with as many backslashes closes; a line break closes any. */
function quoted(text: string, start: number, depth: number, quote: string): Token {
  const period = 2 * (depth + 1)
  for (let from = start; ; ) {
    const at = text.indexOf(quote, from)
    const piece = text.slice(from, at === -1 ? text.length : at)
    const lineEnd = piece.indexOf('\n')
    if (lineEnd !== -1 || at === -1) {
      const end = from + (lineEnd === -1 ? piece.length : lineEnd)
      return { start, end, next: end }
    }
    let slashes = 0
    while (at - slashes > start && text[at - slashes - 1] === '\\') slashes++
    if (slashes % period === depth || (depth === 0 && slashes % 2 === 0))
      return { start, end: at - depth, next: at + 1 }
    from = at + 1
  }
}
