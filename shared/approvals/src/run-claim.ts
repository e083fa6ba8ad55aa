import type { Checkpoints } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { OperationOutcome } from '@gatehouse/operations'
import { attemptsOf } from './attempts.ts'
import { signHead } from './checkpointing.ts'
import type { Claim } from './claim.ts'
import type { Executor } from './execution.ts'
import { finish, recordOutcome } from './finish.ts'
import { abandon, dropLease, renewLease } from './lease.ts'
import { loadRequest } from './read-request.ts'
import type { Store } from './store/store.ts'

export interface ClaimRun {
  store: Store
  executor: Executor
  held: Claim
  checkpoints?: Checkpoints | undefined
  /** Aborts when the process wants to stop: what is not sent yet is left to a takeover. */
  halt: AbortSignal
}

/** Carries out a claimed request: its operations in order, up to the first that does not succeed. */
export async function runClaim(run: ClaimRun): Promise<void> {
  const { store, held, checkpoints, halt } = run
  if (checkpoints) await signHead(store, checkpoints)
  const lease = keepLease(store, held)
  try {
    const outcomes = [...held.request.outcomes]
    for (let index = outcomes.length; index < held.request.plan.operations.length; index++) {
      if (outcomes.some(({ state }) => state !== 'succeeded')) break
      const outcome = await carryOut(run, index, AbortSignal.any([lease.signal, halt]))
      if (outcome === 'left') return await leave(run, lease.state())
      if (!(await recordOutcome(store, held, index, outcome))) return
      outcomes.push(outcome)
    }
    await store.write((tx) => finish(tx, held, outcomes))
  } finally {
    lease.stop()
  }
}

// Left unfinished: by a stop, which hands it on, by a brake, which ends it, or because it is somebody else's already.
async function leave({ store, held }: ClaimRun, state: 'held' | 'lost' | 'halted'): Promise<void> {
  if (state === 'halted')
    await store.write(async (tx) => {
      const request = await loadRequest(tx.db, held.request.requestId)
      await abandon(tx, { ...held, request }, 'Halted while it was carried out')
    })
  else if (state === 'held') await dropLease(store, held)
}

async function carryOut(
  { store, executor, held }: ClaimRun,
  index: number,
  signal: AbortSignal,
): Promise<OperationOutcome | 'left'> {
  const { requestId, plan, planDigest, correlationId } = held.request
  const planned = plan.operations[index]
  if (!planned) throw new Error(`operation ${index} is missing`)
  if (signal.aborted) return 'left'
  const attempts = attemptsOf(store, held)
  const stillClaimed = async () => (await renewLease(store, held)) === 'held'
  const { takenOver } = held
  const context = { requestId, index, plan, planDigest, correlationId, takenOver, stillClaimed }
  try {
    return await executor.execute(planned, attempts, context, signal)
  } catch (thrown) {
    // Without the store nobody knows what was persisted: whoever takes over reads it.
    if (signal.aborted || (thrown instanceof GatehouseError && thrown.code === 'STORE_UNAVAILABLE'))
      return 'left'
    const reason = thrown instanceof GatehouseError ? thrown.message : 'The executor failed'
    const tried = await attempts.load(index)
    return tried ? { state: 'indeterminate', reason } : { state: 'failed', reason }
  }
}

function keepLease(store: Store, held: Claim) {
  const gone = new AbortController()
  let state: 'held' | 'lost' | 'halted' = 'held'
  let until = performance.now() + store.settings.leaseMs
  const beat = async () => {
    const asked = performance.now()
    try {
      state = await renewLease(store, held)
      if (state === 'held') until = asked + store.settings.leaseMs
      else gone.abort()
    } catch {
      // The store does not answer: until the lease runs out the claim is still ours.
      if (performance.now() >= until) {
        state = 'lost'
        gone.abort()
      }
    }
  }
  const timer = setInterval(() => void beat(), store.settings.leaseMs / 3)
  return { signal: gone.signal, state: () => state, stop: () => clearInterval(timer) }
}
