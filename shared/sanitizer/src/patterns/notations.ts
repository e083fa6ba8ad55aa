import type { Identifier } from './identifier.ts'

/**
 * Where the value of a name begins. `asEnv`: the name is a variable's. `strongOnly`: only behind a name that says password.
 * `unlikeWord`: the notation is loose, and only what no word looks like is a value, behind any name or a weak one.
 */
export type ValueStart = {
  start: number
  asEnv: boolean
  strongOnly: boolean
  unlikeWord?: 'always' | 'weak'
}

const SEPARATOR = /\\{0,7}["'`]?[\])]?(?: \d{1,3}(?=:))?[ \t]{0,40}(?:=>|:=|={1,2}|:)[ \t]{0,40}/y
const NAMED_VALUE =
  /\\{0,7}["'`]?(?:[ \t]*,\s{0,80}|[ \t]*\n[+-]?\s{0,80}|[ \t]+)\\{0,7}["'`]?value\\{0,7}["'`]?[ \t]*[:=][ \t]*/iy
const SQL = /[ \t]{0,8}(?:[ \t]|\()[ \t]{0,8}(?=['"])/y
const NEXT_LINE = /\n[ \t]+(?=\S+\n|\S+$)(?![^\n]*:)/y
// `{"value": …`; `(string) (len=16) "…"` of Go; `string(16) "…"` of PHP, in the next line.
const BEFORE_VALUE =
  /\{\s{0,80}\\{0,7}["'](?:value|plaintext|plain|data)\\{0,7}["']\s{0,8}:\s{0,80}|\(\w{1,40}\) \((?:len|cap)=\d{1,9}(?: cap=\d{1,9})?\) |[\s+-]{0,40}string\(\d{1,9}\) /y
// PHP's serialize; a property list, Hadoop's and a servlet's settings.
const OTHER_NOTATIONS = [
  /\\{0,7}";s:\d{1,7}:/y,
  /<\/(?:key|name|param-name)>[\s+-]{0,80}<(?:string|value|param-value)>/y,
]
const IN_ATTRIBUTE = /["'](?:[ \t][^<>\n]{0,200})?>(?=[^<>\n]{1,256}<\/|[^<>\s]{6,256}<?\s{0,16}$)/y
const NAMES_ELEMENT = /\b(?:name|key)=\\{0,7}["']$/
const FORM_FIELD = /\\{0,7}"(?:;[^\n]{0,200})?\n(?:[^\n]{1,200}\n)?\n/y
// `('X-Api-Key', 'x')`, `{password, <<"x">>}`, `define('KEY', 'x')`.
const TUPLE = /\\{0,7}["']?[ \t]{0,8},\s{0,8}(?:<<)?(?=\\{0,7}["'])/y
const COLUMNS = /(?:[ \t]{0,40}\t|[ \t]{2,40})(?=[^\s,;]{6,400}[ \t]{0,40}(?:\n|$))/y
const BLANK = /[ \t\n]{1,8}/y
const SETS_VARIABLE = /(?:^|[\s"'])(?:ENV|setenv|setx|set -g?x)[ \t]+$/
const NETRC = /\blogin \S{1,80}\s{1,40}$/

/** Where what a name names begins, in the notations in which programs write both. */
export function valueStart(text: string, identifier: Identifier): ValueStart | undefined {
  const { start, end, name } = identifier
  const asEnv = isVariable(name)
  const plain = after(SEPARATOR, text, end)
  if (plain !== undefined) {
    const value = after(BEFORE_VALUE, text, plain) ?? lineBelow(text, plain)
    return { start: value, asEnv, strongOnly: false }
  }
  const named = after(NAMED_VALUE, text, end)
  if (named !== undefined) return { start: named, asEnv: true, strongOnly: false }
  for (const notation of /["'<\\]/.test(text[end] ?? '') ? OTHER_NOTATIONS : []) {
    const other = after(notation, text, end)
    if (other !== undefined) return { start: other, asEnv, strongOnly: false }
  }
  const element = after(IN_ATTRIBUTE, text, end)
  if (element !== undefined && NAMES_ELEMENT.test(text.slice(Math.max(0, start - 14), start)))
    return { start: element, asEnv, strongOnly: false, unlikeWord: 'weak' }
  return behindBlank(text, identifier, asEnv) ?? tuple(text, start, end, asEnv) ?? sql(text, end, asEnv)
}

/** Whether a name is written as environment variables are. */
export function isVariable(name: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(name)
}

function behindBlank(text: string, { start, end, name }: Identifier, asEnv: boolean): ValueStart | undefined {
  const next = text[end]
  if (next === '"' || next === '\\') {
    const isForm = text.slice(Math.max(0, start - 17), start).endsWith('form-data; name="')
    const form = isForm ? after(FORM_FIELD, text, end) : undefined
    return form === undefined ? undefined : { start: form, asEnv, strongOnly: false }
  }
  if (next !== ' ' && next !== '\t' && next !== '\n') return undefined
  const isCommand =
    /^(?:requirepass|masterauth)$/.test(name) ||
    (asEnv && SETS_VARIABLE.test(text.slice(Math.max(0, start - 16), start))) ||
    (name === 'password' && NETRC.test(text.slice(Math.max(0, start - 100), start)))
  const value = after(isCommand ? BLANK : COLUMNS, text, end)
  if (value === undefined) return undefined
  if (isCommand) return { start: value, asEnv, strongOnly: false }
  const isFirst = /(?:^|\n)[ \t+-]{0,40}$/.test(text.slice(Math.max(0, start - 41), start))
  return isFirst ? { start: value, asEnv, strongOnly: false, unlikeWord: 'always' } : undefined
}

function tuple(text: string, start: number, end: number, asEnv: boolean): ValueStart | undefined {
  if (!/["'{(]/.test(text[start - 1] ?? '')) return undefined
  const value = after(TUPLE, text, end)
  return value === undefined ? undefined : { start: value, asEnv, strongOnly: false, unlikeWord: 'always' }
}

function sql(text: string, end: number, asEnv: boolean): ValueStart | undefined {
  const value = after(SQL, text, end)
  return value === undefined ? undefined : { start: value, asEnv, strongOnly: true }
}

function after(pattern: RegExp, text: string, index: number): number | undefined {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** YAML may put a scalar alone on the next, deeper line. */
function lineBelow(text: string, index: number): number {
  return text[index] === '\n' ? (after(NEXT_LINE, text, index) ?? index) : index
}
