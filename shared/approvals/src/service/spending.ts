import type { Store } from '../store/store.ts'

const HOUR_MS = 3_600_000

/** How many changes a subject has asked for within the last hour, whatever became of them. */
export async function countChanges(store: Store, subject: string): Promise<number> {
  const now = await store.now()
  const row = await store.read((db) =>
    db
      .selectFrom('requests')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('requester_subject', '=', subject)
      .where('created_at', '>', now - HOUR_MS)
      .executeTakeFirstOrThrow(),
  )
  return Number(row.count)
}
