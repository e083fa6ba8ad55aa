import { GatehouseError } from '@gatehouse/errors'
import { assertActive } from './authenticate.ts'
import { actorOf, type Principal, sameSubject } from './principal.ts'
import { loadRequest } from './read-request.ts'
import type { StoredRequest } from './request.ts'
import type { Store, Tx } from './store/store.ts'

/**
 * Withdraws a request that has not been claimed. The one who asked may, the person behind it, and an administrator.
 * @throws GatehouseError NOT_FOUND, NOT_PERMITTED, CONFLICT
 */
export async function cancel(store: Store, principal: Principal, requestId: string): Promise<StoredRequest> {
  return store.write(async (tx) => {
    const request = await loadRequest(tx.db, requestId)
    await assertMayCancel(tx, principal, request)
    const changed = await tx.db
      .updateTable('requests')
      .set({ state: 'cancelled', finished_at: tx.now, reason: `Cancelled by ${principal.subject}` })
      .where('id', '=', requestId)
      .where('state', 'in', ['pending', 'approved'])
      .returning('id')
      .executeTakeFirst()
    if (!changed && request.state !== 'cancelled')
      throw new GatehouseError('CONFLICT', `This request can no longer be cancelled: ${request.state}`)
    if (changed)
      await tx.audit({
        type: 'request.cancelled',
        actor: actorOf(principal),
        request: requestId,
        plan: request.planDigest,
      })
    return loadRequest(tx.db, requestId)
  })
}

async function assertMayCancel(tx: Tx, principal: Principal, { requester }: StoredRequest): Promise<void> {
  const own = [requester.subject, requester.behind].some(
    (subject) => subject !== undefined && sameSubject(subject, principal.subject),
  )
  const scope = own ? principal.scopes[0] : 'admin'
  await assertActive(tx, principal, scope ?? 'admin')
}
