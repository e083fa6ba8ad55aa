import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureToken, give, type Owner } from './token.ts'

const RANDOM = ['mcp_token', 'hub_key', 'approver_token', 'sanitizer_key', 'postgres_password']

/** What each container is given of them, and nothing else. */
export const GIVEN: Record<string, string[]> = {
  'hub-mcp': ['mcp_token', 'hub_key'],
  'k8s-mcp': ['mcp_token', 'hub_key', 'sanitizer_key'],
  'remediation-mcp': ['mcp_token', 'hub_key', 'sanitizer_key', 'approver_token', 'database_url'],
  postgres: ['postgres_password'],
}

/** Makes what is missing of the secrets in a folder, each once. Returns the names of the new ones. */
export function ensureSecrets(folder: string, owner: Owner): string[] {
  const at = (name: string) => path.join(folder, name)
  const made = RANDOM.filter((name) => ensureToken(at(name), owner) === 'made')
  // The password of the database stands in two files: one for its server, one for whoever connects.
  const url = () =>
    `postgres://gatehouse:${readFileSync(at('postgres_password'), 'utf8').trim()}@postgres:5432/gatehouse`
  if (ensureToken(at('database_url'), owner, url) === 'made') made.push('database_url')
  chmodSync(folder, 0o700)
  give(folder, owner)
  return made
}

/** Puts copies of some secrets where one container, and no other, has them. */
export function handOut(
  folder: string,
  names: readonly string[],
  place: string,
  owner: Owner,
  mode = 0o600,
): void {
  for (const name of names) {
    // Replaced as a whole, so that a server that starts meanwhile reads the old one or the new one.
    const next = path.join(place, `.${name}`)
    writeFileSync(next, readFileSync(path.join(folder, name)), { mode })
    chmodSync(next, mode)
    give(next, owner)
    renameSync(next, path.join(place, name))
  }
  chmodSync(place, mode === 0o600 ? 0o700 : 0o755)
  give(place, owner)
}
