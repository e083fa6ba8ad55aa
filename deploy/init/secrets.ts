import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ContainerUser } from './container-user.ts'
import { ensureToken } from './token.ts'

export const TOKEN = 'secrets/mcp_token'
export const APPROVER = 'secrets/approver_token'
const KEY = 'secrets/sanitizer_key'
const PASSWORD = 'secrets/postgres_password'
const DATABASE = 'secrets/database_url'

/** Makes what is missing of the secrets, each once, readable only by the user inside. Returns the names of new files. */
export function ensureSecrets(root: string, owner: ContainerUser): string[] {
  const at = (name: string) => path.join(root, name)
  const made = [TOKEN, APPROVER, KEY].filter((name) => ensureToken(at(name), owner) === 'made')
  // Read by the database's own user inside; on this machine the folder keeps everybody else out.
  if (ensureToken(at(PASSWORD), owner, undefined, 0o644) === 'made') made.push(PASSWORD)
  // The password of the database stands in two files: one for its server, one for whoever connects.
  const url = () =>
    `postgres://gatehouse:${readFileSync(at(PASSWORD), 'utf8').trim()}@postgres:5432/gatehouse`
  if (ensureToken(at(DATABASE), owner, url) === 'made') made.push(DATABASE)
  return made
}
