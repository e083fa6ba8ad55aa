import { createHash, randomBytes } from 'node:crypto'

/** A token, shown once, and what hub.yaml keeps of it. */
export function newToken(name: string): void {
  const token = randomBytes(32).toString('base64url')
  const digest = createHash('sha256').update(token).digest('hex')
  console.log(`${token}\n`)
  console.log(`# That is the token; it is not shown again. For hub.yaml, under callers:
  - name: ${name}
    tokenSha256: ${digest}
    prefixes: ['*']`)
}
