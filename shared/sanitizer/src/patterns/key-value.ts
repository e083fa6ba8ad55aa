import type { Pattern, Span } from '../span.ts'
import { type Identifier, identifierAt } from './identifier.ts'
import { isVariable, type ValueStart, valueStart } from './notations.ts'
import { isPlainUnder } from './plain-value.ts'
import { type SecretName, secretName } from './secret-name.ts'
import { type Extent, readsAsProse, valueExtent } from './value-extent.ts'
import { elementExtent, tagStart } from './xml-value.ts'

export const NAME_ANCHORS = [
  'pass', 'pwd', 'secret', 'token', 'cred', 'key', 'dsn', 'auth', 'cookie', 'sessid', 'sessionid', 'session_id',
  'jwt', 'otp', 'mnemonic', 'connection', 'connstr', 'conn_str', 'hmac', 'signature', 'bearer',
  'pw=', 'pw:', 'pw ', 'pw"', "pw'", 'pw\\', 'pw\n', 'pw>',
] as const // biome-ignore format: a word list

const PW_NAME = /^(?:.*[_.-]pw|[a-z]{0,12}pw|[a-z]{2,12}(?:[A-Z][a-z]{1,12}){0,3}Pw|[A-Z_]{0,40}PW)$/
// Terraform shows the new value behind the old one.
const CHANGED_TO = /\\{0,7}["'][ \t]+->[ \t]+(?=\\{0,7}["'])/y

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
    const span = spanOf(text, identifier, value, name)
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

/** A checksum, or base64 that happens to end in `pw=`. */
function isNoName(text: string, { start, name }: Identifier): boolean {
  if (text.startsWith('checksum/', start - 9)) return true
  return /pw$/i.test(name) && (!PW_NAME.test(name) || /[+/=]/.test(text[start - 1] ?? ''))
}

/** `Secret access key: …`: the words before a lone `key` say whose it is. */
function spacedName(text: string, { start, name }: Identifier): string {
  if (!/^(?:key|string|token|secret)$/i.test(name) || !/\w $/.test(text.slice(start - 2, start))) return name
  return `${identifierAt(text, start - 2).name} ${name}`
}

function spanOf(
  text: string,
  identifier: Identifier,
  { start, unlikeWord }: ValueStart,
  name: SecretName,
): Span | undefined {
  const extent = valueExtent(text, start)
  if (!extent || (unlikeWord !== 'always' && readsAsProse(text, extent, name.strong))) return undefined
  const end = extent.quoted ? changedEnd(text, extent) : restOfLine(text, identifier, extent, name)
  const value = text.slice(extent.start, end)
  const isLoose = extent.list || unlikeWord === 'always' || (unlikeWord === 'weak' && !name.strong)
  if ((isLoose && !isUnlikeWord(value)) || isPlainUnder(name, value)) return undefined
  return { start: extent.start, end, kind: name.kind }
}

/** What no word, sentence or name of a field looks like. */
function isUnlikeWord(value: string): boolean {
  return value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/\s/.test(value)
}

function changedEnd(text: string, { end }: Extent): number {
  CHANGED_TO.lastIndex = end
  const next = CHANGED_TO.test(text) ? valueExtent(text, CHANGED_TO.lastIndex) : undefined
  return next?.quoted ? next.end : end
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
