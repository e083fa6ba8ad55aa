import { createHash, randomBytes } from 'node:crypto'
import { CALLER_NAME } from '../../dockers/00_hub_mcp/src/registry/schema.ts'

/** A token, shown once, and what hub.yaml keeps of it; 1 for a name that it would refuse. */
export function newToken(name: string): number {
  if (!CALLER_NAME.test(name)) {
    console.error('The name of a caller has lower-case letters, digits, ., _ and -')
    return 1
  }
  const token = randomBytes(32).toString('base64url')
  const digest = createHash('sha256').update(token).digest('hex')
  console.log(`${token}\n`)
  console.log(`# That is the token; it is not shown again. For hub.yaml, under callers:
  - name: ${name}
    tokenSha256: ${digest}
    prefixes: ['*']`)
  return 0
}
