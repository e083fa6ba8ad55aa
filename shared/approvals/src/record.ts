import { type Actor, type AuditEntry, erasePayload, exportLines } from '@gatehouse/audit'
import { actorOf, type Principal } from './principal.ts'
import { getRequest } from './read-request.ts'
import { chainOf, type Store } from './store/store.ts'

/** Records something beside requests: a verdict of the gate, a failed login, a start, a change of settings. */
export async function recordEvent(store: Store, entry: AuditEntry): Promise<void> {
  await store.write(async (tx) => {
    await tx.audit(entry)
  })
}

/** Records that somebody was shown a request, and which view of it. */
export async function recordView(
  store: Store,
  principal: Principal,
  requestId: string,
  viewDigest: string,
): Promise<void> {
  const { planDigest } = await getRequest(store, requestId)
  const entry = { type: 'request.viewed', actor: actorOf(principal), request: requestId, plan: planDigest }
  await recordEvent(store, { ...entry, outcome: viewDigest })
}

/** Erases the payload of one row of the record, on the record. @throws GatehouseError NOT_FOUND */
export async function eraseRecordPayload(store: Store, seq: number, by: Actor): Promise<void> {
  await store.write(async (tx) => {
    await tx.audit(await erasePayload(chainOf(tx.db), seq, tx.now, by))
  })
}

/** The whole record as JSON lines, oldest first. */
export function exportRecord(store: Store, after = 0): AsyncGenerator<string> {
  return exportLines(chainOf(store.db), after)
}
