import type { Pattern } from '../span.ts'

// `{"`, `{ ` and `{\n` in base64: how a JOSE header begins.
const TOKEN = /e(?:yJ|yA|wo|w0)[A-Za-z0-9_-]{5,}={0,2}((?:\.[A-Za-z0-9_-]*){0,4})/y
const CONTINUATION = /(?:\n|(?:\\{1,3}r)?\\{1,3}n)(?:[+-]?[ \t]{1,80})?[A-Za-z0-9_.-]{8,}/y
const WRAPPED_AT = 60
const JOSE = /"(?:alg|typ|kid|enc|cty|x5[tcu]|jku|jwk|zip|crit)"|^\{\s*"(?:a|al|t|ty|k|ki)?$/

/** JSON Web Tokens, signed or encrypted, whole or cut at the end; base64 of other JSON stays. */
export const jwt: Pattern = {
  id: 'jwt',
  anchors: ['eyJ', 'eyA', 'ewo', 'ew0'],
  exact: true,
  find(text, index, out) {
    TOKEN.lastIndex = index
    const match = TOKEN.exec(text)
    if (!match) return index + 1
    const token = match[0]
    const dots = (match[1] ?? '').split('.').length - 1
    const embedded = index > 0 && /[A-Za-z0-9_-]/.test(text[index - 1] ?? '') && text[index - 2] !== '\\'
    // No JOSE header is shorter; host names that happen to begin like one are. What begins further on in
    // the same part has as many dots behind it.
    if (!(dots >= 2 && /^[^.]{16,}\.[\w-]{4,}\./.test(token)) && (embedded || !isJoseHeader(token)))
      return index + (dots === 0 ? token.length : token.indexOf('.'))
    const end = wrapped(text, index, index + token.length)
    out.push({ start: index, end, kind: 'jwt' })
    return end
  },
}

function isJoseHeader(token: string): boolean {
  const head = Buffer.from(token.split('.', 1)[0]?.slice(0, 200) ?? '', 'base64url').toString('latin1')
  return JOSE.test(head)
}

/** A token broken at a fixed column goes on in the next line. */
function wrapped(text: string, start: number, end: number): number {
  let last = end
  let lineStart = start
  while (last - lineStart >= WRAPPED_AT) {
    CONTINUATION.lastIndex = last
    if (!CONTINUATION.test(text)) break
    lineStart = last + 1
    last = CONTINUATION.lastIndex
  }
  return last
}
