import { auditHead, type Checkpoints } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import { type Logger, silentLogger } from '@gatehouse/telemetry'
import { chainOf, type Store } from './store/store.ts'

export interface Checkpointing {
  /** The last one, at the end of the process. */
  stop(): Promise<void>
}

/**
 * Signs where the chain stands now, if it still passes through what was signed last.
 * @throws GatehouseError HALTED where it does not: the database was rolled back or rewritten under this process
 */
export async function signHead(store: Store, checkpoints: Checkpoints): Promise<void> {
  const last = checkpoints.last()
  const { head, row } = await store.read(async (db) => ({
    head: await auditHead(chainOf(db)),
    row: await db
      .selectFrom('audit_chain')
      .select('hash')
      .where('seq', '=', last?.size ?? 0)
      .executeTakeFirst(),
  }))
  if (last && last.size > 0 && row?.hash !== last.head)
    throw new GatehouseError('HALTED', 'The record no longer passes through its last checkpoint', {
      hint: 'Restart, so that an administrator can acknowledge what was lost',
    })
  if (head && head.hash !== last?.head) checkpoints.write(head)
}

/** Signs where the chain stands every `rows` rows, every `everyMs` where something was appended, and at the end. */
export function keepCheckpoints(
  store: Store,
  checkpoints: Checkpoints,
  {
    rows = 100,
    everyMs = 60_000,
    log = silentLogger,
  }: { rows?: number; everyMs?: number; log?: Logger } = {},
): Checkpointing {
  const signed = () => checkpoints.last()?.size ?? 0
  const sign = async () => {
    try {
      await signHead(store, checkpoints)
    } catch (thrown) {
      log.error('checkpoint not written', { reason: String(thrown) })
    }
  }
  const unsubscribe = store.onCommit(({ size }) => {
    if (size - signed() >= rows) void sign()
  })
  const timer = setInterval(() => void sign(), everyMs)
  return {
    async stop() {
      unsubscribe()
      clearInterval(timer)
      await sign()
    },
  }
}
