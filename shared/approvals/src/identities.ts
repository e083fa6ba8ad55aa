import type { Actor } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { Store } from './store/store.ts'

/** Takes away or gives back everything a subject may do: its tokens, its sessions, its votes on open requests. */
export async function setDisabled(
  store: Store,
  subject: string,
  disabled: boolean,
  by: Actor,
): Promise<void> {
  await store.write(async (tx) => {
    const row = await tx.db
      .updateTable('identities')
      .set({ disabled_at: disabled ? tx.now : null })
      .where('subject', '=', subject)
      .returning('subject')
      .executeTakeFirst()
    if (!row) throw new GatehouseError('NOT_FOUND', 'No such identity')
    await tx.audit({
      type: disabled ? 'identity.disabled' : 'identity.enabled',
      actor: by,
      outcome: subject,
    })
  })
}
