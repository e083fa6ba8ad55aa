import { GatehouseError } from '@gatehouse/errors'

/** Raises an error after its transaction has committed: for refusals that must stay on the record. */
export class Refused {
  readonly error: GatehouseError

  constructor(error: GatehouseError) {
    this.error = error
  }
}

/** What a database threw, as an error that may leave: what to look at, never an address or a statement. */
export function asStoreError(thrown: unknown): unknown {
  if (thrown instanceof GatehouseError || !isFromDatabase(thrown)) return thrown
  return new GatehouseError('STORE_UNAVAILABLE', textOf(`${thrown.code} ${thrown.message}`), {
    cause: thrown,
  })
}

function isFromDatabase(thrown: unknown): thrown is Error & { code?: unknown } {
  if (!(thrown instanceof Error)) return false
  const code = 'code' in thrown ? String(thrown.code) : ''
  return (
    (code === 'ERR_SQLITE_ERROR' && !/constraint|refused|never|only ever/i.test(thrown.message)) ||
    // Not what a constraint or a trigger says: that is our own mistake.
    /^(?!23|P0)[0-9A-Z]{5}$/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /timeout exceeded|Connection terminated|connection error|not queryable|was closed/i.test(thrown.message)
  )
}

function textOf(reason: string): string | undefined {
  if (/full|53100|ENOSPC/i.test(reason)) return 'The disk of the approval store is full'
  if (/readonly|read-only|25006|EROFS|EACCES/i.test(reason)) return 'The approval store cannot be written'
  if (/malformed|not a database|corrupt|XX001/i.test(reason)) return 'The approval store is damaged'
  return undefined
}
