import type { Span } from '../span.ts'
import { scanSection } from './manifest-flow.ts'
import { addLeaf, closeFrame, type Frame, newFrame, SECRET, tell } from './manifest-frame.ts'
import { isTextEnd } from './text-end.ts'

const KEY =
  /(?:(\\{0,7}["'])((?:(?!\1)[^\n"'\\]){1,253})\1|([A-Za-z0-9_./$~-]{1,253}(?: [A-Z][a-z]{1,20})?))[ \t]*:(?=[\s"'\\[{]|$)[ \t]*/y
const TAGS = /(?:[!&][\w!/.:-]{0,80}[ \t]+)*/y
const OPENS = /^[{[]?\\?["']?,?$|^[|>][-+0-9]{0,3}$/
const BLOCK = /[|>][-+0-9]{0,3}[ \t]*(?:#[^\n]*)?\n/y
const DOCUMENT = /[ +-]?(?:---|\.\.\.)(?=\s|$)/y
const KIND_AT_END = /\bkind\\{0,7}["']?[ \t]*:[ \t]*\\{0,7}["']?Secret\\{0,7}["']?,?(?:[ \t]+#.{0,80})?$/
const CHANGED = /(?:^|\n)(?:@@ |[ \t]{0,80}(?:\S{1,64} {1,4}){0,2}\+)/
const LONGEST_KIND = 120
const BEHIND_WORDS = Number.POSITIVE_INFINITY
const KIND_SEEN = { kind: SECRET, isSecret: true }
// A bit for each field that can stand in an object once.
const UNIQUE: Readonly<Record<string, number>> = {
  apiVersion: 1,
  kind: 2,
  data: 4,
  stringData: 8,
  metadata: 16,
}

const [PLUS, DASH] = [43, 45]

type Line = { from: number; end: number; column: number; item: boolean; isChange: boolean }
type Scan = {
  text: string
  out: Span[]
  words: number
  isDiff: boolean
  stack: Frame[]
  /** Where the last line with anything in it ended. */
  contentEnd: number
  /** What stands before has been read. */
  readTo: number
  /** A document began behind other words, in a line that stands further in than the others: its column. */
  floating: number
}

/**
 * Reads a text as lines of YAML or of JSON in lines, each behind as many words of a log prefix, by their columns, and adds
 * the values of Secrets. Manifests may stand in one another and between other text.
 */
export function scanLines(text: string, words: number, out: Span[]): void {
  const scan: Scan = {
    text,
    out,
    words,
    isDiff: CHANGED.test(text),
    stack: [],
    contentEnd: 0,
    readTo: 0,
    floating: -1,
  }
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start)
    const end = next === -1 ? text.length : next
    if (start >= scan.readTo) readLine(scan, start, end)
    start = end + 1
  }
  while (scan.stack.length > 0) pop(scan, true)
}

function readLine(scan: Scan, start: number, end: number): void {
  const { text } = scan
  const prefix = wordsEnd(text, start, end, scan.words)
  if (prefix === undefined || isDocumentStart(text, prefix)) {
    // The end of the text may leave less than a prefix.
    if (text.slice(start, end).trim() !== '' && !isTextEnd(text, end)) popDeeper(scan, -1)
    return
  }
  const line = lineAt(text, prefix, end, scan.isDiff)
  if (line.from >= end) return
  KEY.lastIndex = line.from
  const match = text[line.from] === '#' ? comment(scan, line) : KEY.exec(text)
  if (match === false) return
  if (match !== true) {
    const key = match?.[2] ?? match?.[3]
    if (key === undefined || KEY.lastIndex > end) other(scan, line)
    else member(scan, line, nameOf(key), KEY.lastIndex)
  }
  scan.contentEnd = end
}

function isDocumentStart(text: string, index: number): boolean {
  DOCUMENT.lastIndex = index
  return text[index] === '\u0002' || DOCUMENT.test(text)
}

/** The place behind as many words, undefined where a line has fewer. */
function wordsEnd(text: string, start: number, end: number, words: number): number | undefined {
  let i = start
  for (let word = 0; word < words; word++) {
    while (i < end && isBlank(text.charCodeAt(i))) i++
    if (i === end) return undefined
    while (i < end && !isBlank(text.charCodeAt(i))) i++
  }
  return i
}

/** The signs of a change and of a list item count as columns. */
function lineAt(text: string, prefix: number, end: number, isDiff: boolean): Line {
  let i = prefix
  let dash = -1
  let isChange = false
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === DASH && (isChange || !isDiff)) dash = i
    else if (code === DASH || code === PLUS) isChange = true
    else if (!isBlank(code)) break
  }
  const item = dash >= 0 && isBlank(text.charCodeAt(dash + 1))
  return { from: i, end, column: i - prefix, item, isChange }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** `String Data` and `Kind` as describe writes them. */
function nameOf(key: string): string {
  if (!/^[A-Z]/.test(key)) return key
  const [first = '', ...rest] = key.split(' ')
  return first === 'API' ? 'apiVersion' : first.toLowerCase() + rest.join('')
}

function member(scan: Scan, line: Line, key: string, valueStart: number): void {
  const { stack } = scan
  const { column } = line
  popDeeper(scan, column)
  let top = stack.at(-1)
  if (top?.column === column && (line.item || (top.section === undefined && isNew(top, key, line)))) {
    pop(scan, false)
    top = stack.at(-1)
  }
  const isOther = top?.column !== column || (scan.floating === BEHIND_WORDS && top.seen === 0)
  if (column < scan.floating && isOther) {
    popDeeper(scan, column - 1)
    top = { ...below(stack.at(-1), column), ...KIND_SEEN }
    stack.push(top)
  }
  scan.floating = -1
  if (top?.column !== column) {
    top = below(top, column)
    stack.push(top)
  }
  closeLeaf(scan, top)
  top.key = key
  top.seen |= UNIQUE[key] ?? 0
  top.isChange ||= line.isChange
  assign(scan, line, top, valueStart)
}

/** A field that can stand in an object once begins the next one, but for where a change shows both. */
function isNew(frame: Frame, key: string, { isChange }: Line): boolean {
  return !isChange && !frame.isChange && (frame.seen & (UNIQUE[key] ?? 0)) !== 0
}

function below(parent: Frame | undefined, column: number): Frame {
  if (parent?.key !== 'data' && parent?.key !== 'stringData') return newFrame(column)
  return newFrame(column, '', parent.key, parent)
}

function assign(scan: Scan, { end }: Line, frame: Frame, valueStart: number): void {
  const { text, out } = scan
  if (frame.section !== undefined) frame.leaf = valueStart
  if (valueStart >= end) return
  TAGS.lastIndex = valueStart
  TAGS.test(text)
  const start = Math.min(TAGS.lastIndex, end)
  // What tells is short; a comment behind it is none of it.
  const [said = ''] = text.slice(start, Math.min(end, start + LONGEST_KIND)).split(' #', 1)
  const value = said.trim()
  const { key } = frame
  if (key === 'data' || key === 'stringData') {
    const section = newFrame(0, '', key, frame)
    if (OPENS.test(value)) return
    if (value.startsWith('{')) scan.readTo = scanSection(text, start + 1, section, out)
    else addLeaf(text, section, start, end, out)
  } else if (key === 'kind' || key === 'type') {
    const plain = value.replace(/^\\{0,7}["']|\\{0,7}["'].{0,3}$|\\?,?$/g, '')
    tell(frame, key, plain, isTextEnd(text, end))
    // The line of the document's beginning may stand further in than the others.
    if (plain === SECRET && frame.seen === UNIQUE.kind) scan.floating = frame.column
  } else floatAt(scan, text.slice(Math.max(start, end - LONGEST_KIND), end))
}

function floatAt(scan: Scan, line: string): void {
  if (line.includes('ind') && KIND_AT_END.test(line)) scan.floating = BEHIND_WORDS
}

/** No key: a closing sign, a further line of a value, or the end of the manifest. */
function other(scan: Scan, { from, end, column }: Line): void {
  popDeeper(scan, column)
  const top = scan.stack.at(-1)
  if (top?.column === column && top.section === undefined) top.key = ''
  floatAt(scan, scan.text.slice(Math.max(from, end - LONGEST_KIND), end))
}

/** A comment in a section may be a value somebody took out. False where it is none of the section's. */
function comment(scan: Scan, { from, column }: Line): boolean {
  const top = scan.stack.at(-1)
  if (!top || column < top.column) return false
  if (top.section !== undefined) return true
  if (column === top.column || (top.key !== 'data' && top.key !== 'stringData')) return false
  scan.stack.push({ ...below(top, column), leaf: from + 1 })
  return true
}

function popDeeper(scan: Scan, column: number): void {
  while ((scan.stack.at(-1)?.column ?? -1) > column) pop(scan, false)
}

function pop(scan: Scan, isEnd: boolean): void {
  const frame = scan.stack.pop()
  if (!frame) return
  closeLeaf(scan, frame)
  closeFrame(scan.text, frame, scan.stack.at(-1), isEnd, scan.out)
}

function closeLeaf({ text, out, contentEnd }: Scan, frame: Frame): void {
  const { leaf } = frame
  frame.leaf = -1
  if (leaf < 0) return
  const { start, end } = trimmed(text, leaf, contentEnd)
  addLeaf(text, frame, start, end, out)
}

/** A value without the quotes around it, the comma behind it and the sign that opens a block. */
function trimmed(text: string, from: number, to: number): { start: number; end: number } {
  let start = from
  BLOCK.lastIndex = start
  if (BLOCK.test(text)) start = BLOCK.lastIndex
  while (start < to && /\s/.test(text[start] ?? '')) start++
  let end = to
  while (end > start && /[\s,]/.test(text[end - 1] ?? '')) end--
  const opening = /^\\{0,7}["']/.exec(text.slice(start, start + 8))?.[0]
  if (opening === undefined)
    return {
      start,
      end: end - (/\\*["'][}\])]*$/.exec(text.slice(Math.max(start, end - 12), end))?.[0].length ?? 0),
    }
  const closes = text.startsWith(opening, end - opening.length) && end - opening.length > start
  return { start: start + opening.length, end: closes ? end - opening.length : end }
}
