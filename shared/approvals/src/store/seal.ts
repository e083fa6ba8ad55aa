import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { sameHash } from '../token-format.ts'

/** The columns that say who may do what, by table; a token's `kind` is that of its identity. */
const SEALED = {
  decisions: [
    'request_id',
    'subject',
    'decision',
    'plan_digest',
    'view_digest',
    'credential',
    'single_user',
    'at',
  ],
  tokens: ['id', 'hash', 'subject', 'kind', 'scopes', 'behind', 'expires_at'],
  sessions: ['id', 'hash', 'token_id', 'created_at', 'expires_at'],
} as const

type SealedTable = keyof typeof SEALED
type Columns<Table extends SealedTable> = Record<(typeof SEALED)[Table][number], string | number | null>

/**
 * Marks rows as written by this installation. The key is outside the database: whoever can write that can compute every
 * digest in it, but no seal.
 */
export interface Seals {
  of<Table extends SealedTable>(table: Table, row: Columns<Table>): string
  /** Whether the row is as it was sealed; a row without a seal never is. */
  holds<Table extends SealedTable>(table: Table, row: Columns<Table> & { seal: string | null }): boolean
}

/** The seals of a state folder, which all processes of an installation share; makes the first key, `seal-key`. */
export function openSeals(stateDir: string): Seals {
  const key = keptKey(stateDir)
  const of: Seals['of'] = (table, row) => {
    const columns = SEALED[table] as readonly (keyof typeof row)[]
    const sealed = Object.fromEntries(columns.map((column) => [column, row[column]]))
    return createHmac('sha256', key)
      .update(`gatehouse/seal/1/${table}\n${canonicalJson(sealed)}`)
      .digest('hex')
  }
  const holds: Seals['holds'] = (table, row) => {
    try {
      return row.seal !== null && /^[0-9a-f]{64}$/.test(row.seal) && sameHash(row.seal, of(table, row))
    } catch {
      // A value that was never sealed because JSON cannot hold it.
      return false
    }
  }
  return { of, holds }
}

// Linked into its place when it is whole: another process never reads a part of it, and only one key ever gets there.
function keptKey(stateDir: string): Buffer {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const file = join(stateDir, 'seal-key')
  if (!existsSync(file)) {
    const made = `${file}.${randomUUID()}`
    writeFileSync(made, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      linkSync(made, file)
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
    } finally {
      rmSync(made, { force: true })
    }
  }
  const text = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new GatehouseError('STORE_UNAVAILABLE', `${file} is not a key`, {
      hint: 'Put it back as it was; without the file a new key is made, and what the old one sealed counts no more',
    })
  return Buffer.from(text, 'hex')
}
