import { GatehouseError } from '@gatehouse/errors'
import { SYSTEM } from './principal.ts'
import type { Store } from './store/store.ts'

/** A server's default context as it was last switched; undefined where it never was. */
export async function defaultContext(store: Store, server: string): Promise<string | undefined> {
  const row = await store.read((db) =>
    db.selectFrom('default_contexts').select('context').where('server', '=', server).executeTakeFirst(),
  )
  return row?.context
}

export interface ContextSwitch {
  server: string
  from: string
  to: string
  requestId: string
  planDigest: string
  /** Of the operation in its plan. */
  index: number
}

/**
 * Switches a server's default context if it is still the one the plan was made with. Doing the same operation again
 * changes nothing.
 * @throws GatehouseError CONFLICT where somebody else has switched it meanwhile
 */
export async function switchDefaultContext(store: Store, change: ContextSwitch): Promise<void> {
  const { server, from, to, requestId, planDigest, index } = change
  const mark = `${requestId}/${index}`
  await store.write(async (tx) => {
    const row = await tx.db
      .selectFrom('default_contexts')
      .selectAll()
      .where('server', '=', server)
      .executeTakeFirst()
    if (row?.changed_by === mark) return
    if (row && row.context !== from)
      throw new GatehouseError('CONFLICT', `The default context of ${server} is ${row.context} by now`)
    const values = { context: to, changed_by: mark, changed_at: tx.now }
    await tx.db
      .insertInto('default_contexts')
      .values({ server, ...values })
      .onConflict((conflict) => conflict.column('server').doUpdateSet(values))
      .execute()
    await tx.audit({
      type: 'context.switched',
      actor: SYSTEM,
      request: requestId,
      plan: planDigest,
      outcome: to,
      payload: { server, from, to },
    })
  })
}
