import type { Span } from '../span.ts'
import { isTextEnd } from './text-end.ts'

/** A value below `data` or `stringData`: where it stands. */
type Leaf = { start: number; end: number }
export type Section = 'data' | 'stringData'

/** One mapping of a manifest as far as it was read; `column` is where its keys stand, in notations that indent. */
export type Frame = {
  column: number
  /** The key read last: what a deeper mapping belongs to. */
  key: string
  kind: string | undefined
  isSecret: boolean
  /** Values of its `data`, and of the `data` of what it lists. */
  leaves: Leaf[] | undefined
  items: Leaf[] | undefined
  /** Set where this mapping is itself the `data` of `owner`; `leaf` is where its open value began, or -1. */
  section: Section | undefined
  owner: Frame | undefined
  leaf: number
  /** Fields that may stand in an object once. */
  seen: number
  /** Whether the sign of a change stands before any of its lines. */
  isChange: boolean
}

export const SECRET = 'Secret'
const SECRET_TYPES =
  /^(?:Opaque|kubernetes\.io\/(?:tls|dockerconfigjson|dockercfg|basic-auth|ssh-auth|service-account-token)|bootstrap\.kubernetes\.io\/token|helm\.sh\/release\.v1)$/
const NO_SECRET =
  /^(?:|null|~|\{\}|\[\]|\*+|'\*+(?: \((?:before|after)\))?'|\[?removed.{0,40}|<[a-z][^<>\n]{0,80}>|\d{1,9} bytes|\$\{\w{1,80}\}|\$\(\w{1,80}\)|\{\{[^{}"'`\n]{0,120}\}\}|\0(?: \(\d{1,9} bytes\))?)$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const ENCODED = /[A-Za-z0-9+/=\s\\"'\0]*/y
const WORD = /^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[A-Z][a-z]+)*\d*$/
const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/
const TELLING = 8

export function newFrame(column: number, key = '', section?: Section, owner?: Frame): Frame {
  return {
    column,
    key,
    kind: undefined,
    isSecret: false,
    leaves: undefined,
    items: undefined,
    section,
    owner,
    leaf: -1,
    seen: 0,
    isChange: false,
  }
}

/** What a key holds that says whether a manifest is a Secret's; `isCut` where the text ends in the value. */
export function tell(frame: Frame, key: string, read: string, isCut: boolean): void {
  if (key !== 'kind' && key !== 'type') return
  // What a cut leaves of an escaped quote.
  const value = isCut ? read.replace(/\\+$/, '') : read
  if (/^(?:null|None|nil|undefined|)$/.test(value)) return
  if (key === 'kind') {
    const whole = isCut && SECRET.startsWith(value) ? SECRET : value
    // Where a change is shown both kinds stand there.
    if (frame.kind === undefined || whole === SECRET) frame.kind = whole
    frame.isSecret ||= whole === SECRET
  } else if (frame.kind === undefined && SECRET_TYPES.test(value)) frame.isSecret = true
}

/** A value under a key of a section, with the blanks and signs around it that are not part of it. */
export function addLeaf(text: string, frame: Frame, start: number, end: number, out: Span[]): void {
  if (end <= start || NO_SECRET.test(text.slice(start, Math.min(end, start + 200)).trim())) return
  if (frame.section === 'stringData') out.push({ start, end, kind: 'secret' })
  else if (frame.owner) {
    frame.owner.leaves ??= []
    frame.owner.leaves.push({ start, end })
  }
}

/** At the end of a mapping: its values go where it is a Secret, or may be one that the end of the text cuts off. */
export function closeFrame(
  text: string,
  frame: Frame,
  parent: Frame | undefined,
  isEnd: boolean,
  out: Span[],
): void {
  const { leaves, items, kind } = frame
  if (items && kind === 'SecretList') emit(items, out)
  if (!leaves) return
  if (frame.isSecret || (kind === undefined && isEnd && looksEncoded(text, leaves))) emit(leaves, out)
  else if (kind === undefined && parent?.key === 'items') {
    parent.items ??= []
    for (const leaf of leaves) parent.items.push(leaf)
  }
}

function emit(leaves: readonly Leaf[], out: Span[]): void {
  for (const { start, end } of leaves) out.push({ start, end, kind: 'secret' })
}

/** All base64, and one of them nothing but that: a ConfigMap holds text. */
export function looksEncoded(text: string, leaves: readonly Leaf[]): boolean {
  let telling = false
  for (const { start, end } of leaves) {
    const isLast = isTextEnd(text, end)
    ENCODED.lastIndex = start
    ENCODED.test(text)
    const rest = text.slice(Math.min(ENCODED.lastIndex, end), end)
    // What the end of the text cuts off may be the next key.
    if (rest !== '' && (!isLast || rest.includes('\n'))) return false
    const value = text
      .slice(start, end)
      .replace(isLast ? /\n[^\n]*$/ : /$^/, '')
      .replace(/[\s\\"']+/g, '')
    if (value.includes('\0')) continue
    if (!BASE64.test(value) || (!isLast && value.length % 4 !== 0)) return false
    telling ||= value.length >= TELLING && isTelling(value)
  }
  return telling
}

function isTelling(value: string): boolean {
  if (PRINTABLE.test(Buffer.from(value.slice(0, value.length & ~3), 'base64').toString('latin1'))) return true
  return !WORD.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value) && /[0-9+/=]/.test(value)
}
