import type { Memo, Pattern, Span } from '../span.ts'
import { isPlainValue } from './plain-value.ts'

const BEFORE = 160
const ORACLE = /jdbc:oracle:[a-z]{1,8}:[^\s"'/@]{1,96}\/([^\s"'@]{1,160})(?:@|\s{0,16}$)/iy
const SIGNED =
  /(?:[?&;]|\\u0026|%26)(?:sig|x-amz-signature|x-goog-signature|x-amz-credential|x-amz-security-token)=([^\s"'&<>\\]{4,4096})/iy
// An authorization code is good once, but may not have been used; `code=404` is none.
const OAUTH =
  /(?:(?:[?&]|%26)(?:saml(?:response|request|art)|oauth_verifier|code_verifier)=|[?&]code=(?=[^\s"'&<>]{0,400}[\dA-Z])(?=[^\s"'<>]{0,600}&(?:state|scope|session_state|iss)=|[^\s"'<>&]{40}|[^\s"'<>&]{8,40}&?\s{0,16}$|[^\s"'<>&]{8,40}&[a-z_]{1,14}=?\s{0,16}$)|^saml(?:response|request)=)([^\s"'&<>\\]{8,16384})/iy
const GENERATED = /temporary password is generated for \S{1,128}: (\S{6,128})/iy
const IDENTIFIED = /identified (?:with [\w']{1,40} )?by (?:password )?(\\?["'])([^"'\n]{1,256})/iy

/** Passwords in driver strings that are no URLs (`user:pw@tcp(host)`, Oracle), signed URLs, what a login sends back, `IDENTIFIED BY`. */
export const connectionString: Pattern = {
  id: 'connection-string',
  anchors: [
    '@tcp(',
    '@unix(',
    'jdbc:oracle:',
    '?sig=',
    '&sig=',
    ';sig=',
    'x-amz-',
    'x-goog-signature',
    'u0026sig=',
    '%26sig=',
    'identified ',
    'temporary password ',
    'samlres',
    'samlreq',
    '?code=',
    '&code=',
    'oauth_ver',
    'code_ver',
  ],
  find(text, index, out, memo) {
    const span =
      text[index] === '@'
        ? goDsn(text, index, memo)
        : (behind(ORACLE, text, index) ??
          signed(text, index) ??
          oauth(text, index) ??
          behind(GENERATED, text, index, 'password') ??
          identified(text, index))
    if (span && !isPlainValue(text.slice(span.start, span.end), true)) out.push(span)
    return span ? Math.max(span.end, index + 1) : index + 1
  },
}

/** `user:password@tcp(`: back to the blank or quote before it, then from its first colon on. */
function goDsn(text: string, index: number, memo: Memo): Span | undefined {
  const seen = memo.dsn?.index ?? 0
  let from = index
  while (from > seen && index - from < BEFORE && !isBlankOrQuote(text.charCodeAt(from - 1))) from--
  // From there back an earlier one has looked.
  if (from === seen && memo.dsn) from = Math.max(memo.dsn.from, index - BEFORE)
  memo.dsn = { from, index }
  const colon = text.slice(from, index).indexOf(':')
  if (colon === -1 || from + colon + 1 === index) return undefined
  // What stands before is found already.
  memo.dsn.from = index
  return { start: from + colon + 1, end: index, kind: 'connection-string' }
}

function isBlankOrQuote(code: number): boolean {
  return code <= 32 || code === 34 || code === 39 || code === 96
}

function behind(pattern: RegExp, text: string, index: number, kind = 'connection-string'): Span | undefined {
  pattern.lastIndex = index
  const match = pattern.exec(text)
  if (!match?.[1]) return undefined
  const start = index + match[0].lastIndexOf(match[1])
  return { start, end: start + match[1].length, kind }
}

function oauth(text: string, index: number): Span | undefined {
  return (
    behind(OAUTH, text, index, 'oauth') ?? (index > 0 ? behind(OAUTH, text, index - 1, 'oauth') : undefined)
  )
}

function signed(text: string, index: number): Span | undefined {
  for (const back of [0, 1, 3, 6]) {
    const span = index >= back ? behind(SIGNED, text, index - back) : undefined
    if (span) return { ...span, kind: 'signed-url' }
  }
  return undefined
}

function identified(text: string, index: number): Span | undefined {
  IDENTIFIED.lastIndex = index
  const match = IDENTIFIED.exec(text)
  const value = match?.[2]?.replace(/\\$/, '')
  if (!match || !value) return undefined
  const start = index + match[0].length - (match[2] ?? '').length
  return { start, end: start + value.length, kind: 'password' }
}
