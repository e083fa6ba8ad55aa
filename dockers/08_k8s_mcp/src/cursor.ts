import { createHash } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'

export interface Paging {
  limit?: number | undefined
  continue?: string | undefined
}

/** Where the next page of a list starts, and what must still be true there. */
export interface Cursor {
  offset: number
  /** The list is read again as it was at this version. */
  resourceVersion: string
  /** Digest of the keys of all rows before `offset`: sorting by age or `where` over it may move rows nevertheless. */
  before: string
}

/** The opaque value of `continue`. */
export function encodeCursor(cursor: Cursor, input: Paging): string {
  const parts = [cursor.offset, fingerprint(input), cursor.before, cursor.resourceVersion]
  return Buffer.from(parts.join('.')).toString('base64url')
}

/** The cursor of an input, or undefined without one. Throws INVALID_INPUT for one that is not ours or of another list. */
export function decodeCursor(input: Paging): Cursor | undefined {
  if (!input.continue) return undefined
  const text = Buffer.from(input.continue, 'base64url').toString()
  const found = /^(\d{1,9})\.([\w-]{12})\.([\w-]{8})\.(\d{0,20})$/.exec(text)
  if (!found) {
    throw new GatehouseError('INVALID_INPUT', 'continue: this is not a cursor of a list', {
      hint: 'Pass the value of continue from the reply before, unchanged, or leave it out',
    })
  }
  const [, offset, question, before = '', resourceVersion = ''] = found
  if (question !== fingerprint(input)) {
    throw new GatehouseError('INVALID_INPUT', 'continue: this cursor belongs to another question', {
      hint: 'Repeat the same parameters with the cursor, or leave it out',
    })
  }
  return { offset: Number(offset), before, resourceVersion }
}

/** Makes a read ask for the list as it was on the page before; nothing on a first page. */
export function snapshotOf(input: Paging): { resourceVersion?: string } {
  const version = decodeCursor(input)?.resourceVersion
  return version ? { resourceVersion: version } : {}
}

export function digestOf(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join('\n')).digest('base64url').slice(0, 8)
}

// Everything but the cursor and the page's size belongs to the question.
function fingerprint(input: Paging): string {
  const sized = new Set(['continue', 'limit', 'maxTokens'])
  const sorted = Object.entries(input)
    .filter(([key, value]) => value !== undefined && !sized.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 12)
}
