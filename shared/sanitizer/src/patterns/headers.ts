import type { Pattern, Span } from '../span.ts'
import { isPlainValue } from './plain-value.ts'
import { isTextEnd } from './text-end.ts'

const NAME =
  /(?:(?:set-?)?cookie|(?:proxy-)?authorization|authentication-info|www-authorization)\\{0,7}["'`]?[ \t]{0,16}(?:=>|[:=]|(?<=["']),)[ \t]{0,16}(\[?\\{0,7}["'`]?\[?)/iy
const SCHEME =
  /(bearer|basic|token|apikey|api-key|negotiate|ntlm|splunk|bot|key|discogs|genie ?key)(?: |\+|%20)+/iy
const CREDENTIAL = /[^\s"'`,;)\]}\\]{1,16384}/y
const LOOSE = /(?:bearer|basic) +([A-Za-z0-9._~+/=-]{8,16384})/iy
// `Digest username="x", response="…"`: of what the scheme's parameters say no one knows which tells.
const PARAMETERS =
  /[A-Za-z][\w-]{1,30} +(?:[\w-]{1,40}=(?:\\{0,7}"[^"\n]{0,4096}"|[^\s",]{0,4096})(?:, ?|(?=\s|$|["'])))+/y
const WORDS = /^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_./][A-Za-z]?[a-z]*)*$/
// A placeholder may hold signs that end a credential.
const WHOLE = /^[^\s"'`]*/
const COOKIE_NAME = 200
const LONGEST = 16_384
const SENTENCE = 200

/** Values of Authorization and Cookie headers, and `Bearer …` or `Basic …` anywhere. */
export const headers: Pattern = {
  id: 'headers',
  anchors: ['authorization', 'cookie', 'set-cookie', 'setcookie', 'bearer ', 'basic '],
  find(text, index, out) {
    NAME.lastIndex = index
    const match = NAME.exec(text)
    if (!match) return loose(text, index, out)
    const start = NAME.lastIndex
    const isCookie = /^(?:set-?)?cookie/i.test(match[0])
    const span = isCookie ? cookie(text, start, match[1] ?? '') : authorization(text, start, match[1] ?? '')
    if (span) out.push(span)
    return span ? span.end : start
  },
}

function authorization(text: string, start: number, opening: string): Span | undefined {
  PARAMETERS.lastIndex = start
  if (PARAMETERS.test(text)) return { start, end: PARAMETERS.lastIndex, kind: 'authorization' }
  SCHEME.lastIndex = start
  if (SCHEME.test(text)) {
    CREDENTIAL.lastIndex = SCHEME.lastIndex
    const from = SCHEME.lastIndex
    if (!CREDENTIAL.test(text)) return undefined
    const whole = WHOLE.exec(text.slice(from, from + SENTENCE))?.[0] ?? ''
    if (isPlainValue(text.slice(from, CREDENTIAL.lastIndex), false) || isPlainValue(whole, false))
      return undefined
    return { start: from, end: CREDENTIAL.lastIndex, kind: 'authorization' }
  }
  // Several plain words are a sentence about authorization, not a credential.
  const [line = ''] = text.slice(start, start + SENTENCE).split('\n', 1)
  if (isPlainValue(WHOLE.exec(line)?.[0] ?? '', false)) return undefined
  if (/\s\S/.test(line) && /^[A-Za-z,.:' ]+$/.test(line)) return undefined
  return { start, end: headerEnd(text, start, opening), kind: 'authorization' }
}

function cookie(text: string, start: number, opening: string): Span | undefined {
  const head = text.slice(start, start + COOKIE_NAME + 1)
  const pair = head.indexOf('=')
  const lineEnd = head.indexOf('\n')
  return pair !== -1 && (lineEnd === -1 || pair < lineEnd)
    ? { start, end: headerEnd(text, start, opening), kind: 'cookie' }
    : undefined
}

/** Up to the sign that closes what was opened, or to the end of the line. */
function headerEnd(text: string, start: number, opening: string): number {
  const line = text.slice(start, start + LONGEST).split('\n', 1)[0] ?? ''
  const quote = /["'`]/.exec(opening)?.[0]
  const close = quote ?? (opening.includes('[') ? ']' : undefined)
  const at = close === undefined ? line.search(/\\{0,7}["'`](?:[\s,})\]]|$)/) : closing(line, close, opening)
  return start + (at === -1 ? line : line.slice(0, at)).trimEnd().length
}

function closing(line: string, close: string, opening: string): number {
  const at = line.indexOf(close)
  const slashes = /\\*/.exec(opening)?.[0].length ?? 0
  return at > 0 && slashes > 0 && line[at - 1] === '\\' ? at - slashes : at
}

function loose(text: string, index: number, out: Span[]): number {
  LOOSE.lastIndex = index
  const match = LOOSE.exec(text)
  if (!match || /[A-Za-z0-9]/.test(text[index - 1] ?? '')) return index + 1
  const value = match[1] ?? ''
  const end = LOOSE.lastIndex
  const isBasic = /^basic/i.test(match[0])
  const isCredential = isBasic ? isUserAndPassword(value) : isBearer(value, isTextEnd(text, end))
  if (isCredential) out.push({ start: end - value.length, end, kind: 'authorization' })
  return end
}

/** What no word looks like; where the text ends, anything but the words that stand there in messages. */
function isBearer(value: string, isLast: boolean): boolean {
  return value.length >= 24 || !WORDS.test(value) || (isLast && !isPlainValue(value, false))
}

function isUserAndPassword(value: string): boolean {
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(value, 'base64').toString('latin1'))
}
