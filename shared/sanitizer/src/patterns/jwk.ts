import type { Pattern } from '../span.ts'

const PRIVATE =
  /(?<=[,{\s])\\{0,7}["'](?:d|p|q|dp|dq|qi|k)\\{0,7}["']\s{0,16}:\s{0,16}\\{0,7}["']([A-Za-z0-9_-]{4,4096})/g
const BEFORE = 2_048
const BEHIND = 8_192

/** The private fields of a JSON Web Key, before and behind its `kty`. */
export const jwk: Pattern = {
  id: 'jwk',
  anchors: ['"kty', "'kty"],
  exact: true,
  find(text, index, out) {
    const opening = text.slice(Math.max(0, index - BEFORE), index).lastIndexOf('{')
    const from = opening === -1 ? index : Math.max(0, index - BEFORE) + opening
    const closing = text.slice(index, index + BEHIND).indexOf('}')
    const to = index + (closing === -1 ? BEHIND : closing)
    for (const match of text.slice(from, to).matchAll(PRIVATE)) {
      const value = match[1] ?? ''
      const end = from + match.index + match[0].length
      out.push({ start: end - value.length, end, kind: 'private-key' })
    }
    return Math.min(to, text.length)
  },
}
