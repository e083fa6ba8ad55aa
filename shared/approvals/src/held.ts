import type { Claim } from './claim.ts'
import type { Tx } from './store/store.ts'

/** An update that only the holder of the current fence can make. */
export function heldBy(tx: Tx, { request, owner, fence }: Claim) {
  return tx.db
    .updateTable('requests')
    .where('id', '=', request.requestId)
    .where('state', '=', 'executing')
    .where('lease_owner', '=', owner)
    .where('fence', '=', fence)
}
