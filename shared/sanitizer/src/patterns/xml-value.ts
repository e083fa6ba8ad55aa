import { isTextEnd } from './text-end.ts'
import type { Extent } from './value-extent.ts'

const TAG_BEGIN = /<(?:[\w.-]{1,40}:)?$/
const TAG_END = /(?:[ \t]{1,8}[^<>\n]{0,200})?>\s{0,80}(?:<!\[CDATA\[)?/y
const CONTENT = /[^<\n]{1,4096}/y
const CLOSING = /\s{0,80}<(?:\\{0,3}\/)?/y
const BEFORE = /[\s>"'`nrt]/
const LONGEST_NAMESPACE = 42
const SHORTEST_CUT = 6

/** Where the tag begins whose name stands at `nameStart`, behind its bracket; undefined where none does. */
export function tagStart(text: string, nameStart: number): number | undefined {
  const before = text[nameStart - 1]
  if (before === '<') return nameStart
  if (before !== ':') return undefined
  const found = TAG_BEGIN.exec(text.slice(Math.max(0, nameStart - LONGEST_NAMESPACE), nameStart))
  return found ? nameStart - found[0].length + 1 : undefined
}

/**
 * What stands in the element whose tag begins at `tag` and whose name ends at `nameEnd`. In prose `<token>` is a placeholder:
 * only a closing tag, or the end of the text where one may have been, makes it an element.
 */
export function elementExtent(text: string, tag: number, nameEnd: number): Extent | undefined {
  TAG_END.lastIndex = nameEnd
  if (!TAG_END.test(text) || text[TAG_END.lastIndex - 2] === '/') return undefined
  const start = TAG_END.lastIndex
  CONTENT.lastIndex = start
  if (!CONTENT.test(text)) return undefined
  const contentEnd = CONTENT.lastIndex
  let end = start + text.slice(start, contentEnd).trimEnd().length
  if (text.slice(end - 3, end) === ']]>') end -= 3
  const isElement = closes(text, contentEnd, text.slice(tag, nameEnd)) || isCut(text, tag, start, contentEnd)
  return isElement && end > start ? { start, end, quoted: true } : undefined
}

function closes(text: string, index: number, name: string): boolean {
  CLOSING.lastIndex = index
  if (!CLOSING.test(text)) return false
  const found = text.slice(CLOSING.lastIndex, CLOSING.lastIndex + name.length)
  return (
    found === name ||
    (name.startsWith(found.trimEnd()) && isTextEnd(text, CLOSING.lastIndex + found.trimEnd().length))
  )
}

function isCut(text: string, tag: number, start: number, end: number): boolean {
  const value = text.slice(start, end).trimEnd()
  const before = text[tag - 2]
  return (
    /[>[]/.test(text[start - 1] ?? '') &&
    isTextEnd(text, end) &&
    value.length >= SHORTEST_CUT &&
    !/\s/.test(value) &&
    /[A-Za-z0-9]/.test(value) &&
    (before === undefined || BEFORE.test(before))
  )
}
