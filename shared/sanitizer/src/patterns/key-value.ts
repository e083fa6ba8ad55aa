import type { Pattern, Span } from '../span.ts'
import { type Identifier, identifierAt } from './identifier.ts'
import { isPlainUnder } from './plain-value.ts'
import { type SecretName, secretName } from './secret-name.ts'
import { type Extent, readsAsProse, valueExtent } from './value-extent.ts'
import { elementExtent, tagStart } from './xml-value.ts'

export const NAME_ANCHORS = [
  'pass', 'pwd', 'secret', 'token', 'cred', 'key', 'dsn', 'auth', 'cookie', 'sessid', 'sessionid', 'session_id',
  'jwt', 'otp', 'mnemonic', 'connection', 'connstr', 'conn_str', 'hmac', 'signature', 'bearer',
  'pw=', 'pw:', 'pw ', 'pw"', "pw'", 'pw\\', 'pw\n', 'pw>',
] as const // biome-ignore format: a word list

const SEPARATOR = /\\{0,7}["'`]?[\])]?[ \t]{0,40}(?:=>|:=|={1,2}|:)[ \t]{0,40}/y
const NAMED_VALUE =
  /\\{0,7}["'`]?(?:[ \t]*,\s{0,80}|[ \t]*\n[+-]?\s{0,80}|[ \t]+)\\{0,7}["'`]?value\\{0,7}["'`]?[ \t]*[:=][ \t]*/iy
const PW_NAME = /^(?:.*[_.-]pw|[a-z]{0,12}pw|[a-z]{2,12}(?:[A-Z][a-z]{1,12}){0,3}Pw|[A-Z_]{0,40}PW)$/
const SQL = /[ \t]+(?=['"])/y
const NEXT_LINE = /\n[ \t]+(?=\S+\n|\S+$)(?![^\n]*:)/y

/** `name=value`, `name: value`, `"name":"value"`, `name: X` + `value: Y`, `<name>value</name>`, `PASSWORD 'value'`. */
export const keyValue: Pattern = {
  id: 'key-value',
  anchors: NAME_ANCHORS,
  find(text, index, out) {
    const identifier = identifierAt(text, index)
    if (isNoName(text, identifier)) return identifier.end
    const tag = tagStart(text, identifier.start)
    if (tag !== undefined) return element(text, tag, identifier, out)
    const value = valueStart(text, identifier)
    if (!value) return identifier.end
    const name = secretName(spacedName(text, identifier), value.asEnv)
    if (!name || (value.strongOnly && !name.strong)) return identifier.end
    const span = spanOf(text, identifier, value.start, name)
    if (!span) return identifier.end
    out.push(span)
    return Math.max(identifier.end, span.end)
  },
}

/** `<name>value</name>`. */
function element(text: string, tag: number, { end, name: own }: Identifier, out: Span[]): number {
  const name = secretName(own, isVariable(own))
  const extent = name && elementExtent(text, tag, end)
  if (!name || !extent || isPlainUnder(name, text.slice(extent.start, extent.end))) return end
  out.push({ start: extent.start, end: extent.end, kind: name.kind })
  return extent.end
}

function isVariable(name: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(name)
}

/** A checksum, or base64 that happens to end in `pw=`. */
function isNoName(text: string, { start, name }: Identifier): boolean {
  if (text.startsWith('checksum/', start - 9)) return true
  return /pw$/i.test(name) && (!PW_NAME.test(name) || /[+/=]/.test(text[start - 1] ?? ''))
}

type ValueStart = { start: number; asEnv: boolean; strongOnly: boolean }

function valueStart(text: string, { end, name }: Identifier): ValueStart | undefined {
  const asEnv = isVariable(name)
  const plain = after(SEPARATOR, text, end)
  if (plain !== undefined) return { start: lineBelow(text, plain), asEnv, strongOnly: false }
  const named = after(NAMED_VALUE, text, end)
  if (named !== undefined) return { start: named, asEnv: true, strongOnly: false }
  const sql = after(SQL, text, end)
  return sql === undefined ? undefined : { start: sql, asEnv, strongOnly: true }
}

function after(pattern: RegExp, text: string, index: number): number | undefined {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** YAML may put a scalar alone on the next, deeper line. */
function lineBelow(text: string, index: number): number {
  return text[index] === '\n' ? (after(NEXT_LINE, text, index) ?? index) : index
}

/** `Secret access key: …`: the words before a lone `key` say whose it is. */
function spacedName(text: string, { start, name }: Identifier): string {
  if (!/^(?:key|string|token|secret)$/i.test(name) || !/\w $/.test(text.slice(start - 2, start))) return name
  return `${identifierAt(text, start - 2).name} ${name}`
}

function spanOf(text: string, identifier: Identifier, start: number, name: SecretName): Span | undefined {
  const extent = valueExtent(text, start)
  if (!extent || readsAsProse(text, extent, name.strong)) return undefined
  const end = extent.quoted ? extent.end : restOfLine(text, identifier, extent, name)
  if (isPlainUnder(name, text.slice(extent.start, end))) return undefined
  return { start: extent.start, end, kind: name.kind }
}

/** In a settings file the value is the rest of the line, blanks included; in a log line it ends at a blank. */
function restOfLine(text: string, { start }: Identifier, extent: Extent, name: SecretName): number {
  if (text[extent.end] !== ' ') return extent.end
  if (
    !/(?:^|\n)[+-]?[ \t]{0,80}(?:- |export |set |env )?["']?$/i.test(
      text.slice(Math.max(0, start - 100), start),
    )
  ) {
    return extent.end
  }
  const next = text.indexOf('\n', extent.end)
  const lineEnd = next === -1 ? text.length : next
  const rest = text.slice(extent.end, lineEnd)
  if (rest.length > 200 || /[\w"'\])]\s?(?:=(?![=\s\\]|$)|:)/.test(rest)) return extent.end
  const isSetting = text.slice(start, extent.start).includes('=')
  return isSetting || name.strong ? extent.end + rest.trimEnd().length : extent.end
}
