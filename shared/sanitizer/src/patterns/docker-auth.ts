import type { Pattern } from '../span.ts'

const AUTH =
  /(?:auth|identitytoken|registrytoken)\\{0,7}["']?[ \t]{0,16}[:=]\s{0,16}\\{0,7}["']?([A-Za-z0-9+/_-]{4,16384}={0,2})/iy

/** The base64 pair of a docker configuration (`"auth": "dXNlcjpwdw=="`), whole or cut. */
export const dockerAuth: Pattern = {
  id: 'docker-auth',
  anchors: ['auth', 'identitytoken', 'registrytoken'],
  find(text, index, out) {
    AUTH.lastIndex = index
    const match = AUTH.exec(text)
    const value = match?.[1]
    if (!value) return index + 1
    const end = AUTH.lastIndex
    const decoded = Buffer.from(value, 'base64').toString('latin1')
    const isPair =
      /^[\x20-\x7e]{1,128}:/.test(decoded) || (end === text.length && /^[\x20-\x7e]{3,}$/.test(decoded))
    if (isPair || /^(?:identity|registry)token/i.test(match[0]))
      out.push({ start: end - value.length, end, kind: 'docker-auth' })
    return end
  },
}
