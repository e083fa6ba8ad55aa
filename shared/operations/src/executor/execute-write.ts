import { GatehouseError } from '@gatehouse/errors'
import type { Attempt, OperationOutcome } from '../attempt.ts'
import { clusterIdOf } from '../cluster-id.ts'
import { baselineOf } from '../verify/baseline.ts'
import { type Ground, stopped } from './ground.ts'
import { outcomeOf } from './outcome.ts'
import { revalidate, type Valid } from './revalidate.ts'
import { attemptFor, bodyDigestOf, refusal, requestOf, sendAttempt } from './send.ts'
import { settle } from './settle.ts'
import type { Verdict } from './verdict.ts'

// Each further one needs proof that those before it never took effect and never can.
const MOST_ATTEMPTS = 10

/** Carries out a change of one object: validated, persisted, sent, looked after. */
export async function executeWrite(ground: Ground): Promise<OperationOutcome> {
  const earlier = await ground.attempts.load(ground.context.index)
  if (earlier) return takeOver(ground, earlier)
  for (let number = 1; ; number++) {
    const valid = await revalidated(ground)
    if ('state' in valid) return valid
    const baseline = await baselineOf(ground)
    const attempt = await attemptFor(ground, valid.live, number)
    const reason = await refusal(ground, attempt)
    if (reason) return stopped('blocked', `${reason}; nothing was sent`)
    const verdict = await sendAttempt(ground, attempt)
    // Somebody wrote the object, mostly its status, in the moment before: the approval may still hold for what it is now.
    if (verdict.known === 'not-applied' && verdict.never && number < MOST_ATTEMPTS) continue
    return outcomeOf(ground, verdict, baseline)
  }
}

async function revalidated(ground: Ground): Promise<Valid | OperationOutcome> {
  try {
    return await revalidate(ground)
  } catch (error) {
    // Nothing has been sent that could still take effect, so this is a plain end.
    if (ground.signal.aborted || !(error instanceof GatehouseError)) throw error
    return stopped('failed', `Nothing was changed: ${error.message}`)
  }
}

/**
 * An earlier executor may have sent its attempt or not. Only that same attempt may be sent again, and only while the
 * object is still at its version.
 */
async function takeOver(ground: Ground, attempt: Attempt): Promise<OperationOutcome> {
  const { planned, cluster, signal } = ground
  if (
    bodyDigestOf(requestOf(ground, attempt)) !== attempt.bodyDigest ||
    (attempt.uid ?? undefined) !== planned.uid
  ) {
    return { state: 'indeterminate', reason: 'The attempt on record is not one of this plan' }
  }
  if ((await clusterIdOf(cluster, signal)) !== planned.target.clusterId) {
    return {
      state: 'indeterminate',
      reason: 'The context leads to another cluster now; what happened cannot be seen',
    }
  }
  const baseline = await baselineOf(ground, attempt.startedAt)
  let verdict: Verdict = await settle(ground, attempt)
  if (verdict.known === 'unchanged' && attempt.uid !== null) {
    const reason = await refusal(ground, attempt)
    if (reason)
      return { state: 'indeterminate', reason: `Not known to have happened, and not repeated: ${reason}` }
    verdict = await sendAttempt(ground, attempt)
    if (verdict.known === 'not-applied' && !verdict.never) verdict = { known: 'nothing', why: verdict.why }
  }
  return outcomeOf(ground, verdict, baseline)
}
