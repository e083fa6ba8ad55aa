import { canonicalJson, digestOf } from '@gatehouse/audit'
import { asGatehouseError } from '@gatehouse/errors'
import { auditId, type KubeObject } from '@gatehouse/kubernetes'
import { changedNothing, sendMutation } from '@gatehouse/kubernetes/mutation'
import type { Attempt } from '../attempt.ts'
import { type BoundRequest, boundRequest, boundTo } from '../bound-request.ts'
import { collectionPath, type Ground } from './ground.ts'
import { settle } from './settle.ts'
import type { Verdict } from './verdict.ts'

// Copies of one attempt are harmless to each other, but somebody is waiting.
const MOST_COPIES = 3

/** The attempt for an object as it was just found, still to be persisted. */
export async function attemptFor(ground: Ground, live: KubeObject | null, number: number): Promise<Attempt> {
  const { planned, context } = ground
  const attempt = {
    index: context.index,
    number,
    uid: live?.metadata.uid ?? null,
    // Of a new object there is no version yet: where its history begins.
    resourceVersion: live?.metadata.resourceVersion ?? (await collectionVersion(ground)),
    auditId: auditId(planned.marker, number),
    startedAt: Date.now(),
  }
  return { ...attempt, bodyDigest: bodyDigestOf(requestOf(ground, attempt)) }
}

async function collectionVersion({ planned, cluster, signal }: Ground): Promise<string | null> {
  const query = { fieldSelector: `metadata.name=${planned.target.name}`, limit: '1' }
  try {
    const path = collectionPath(planned.target)
    const { metadata } = await cluster.send<{ metadata?: { resourceVersion?: string } }>({
      path,
      query,
      signal,
    })
    return metadata?.resourceVersion ?? null
  } catch {
    // Without the permission to list, a lost answer will stay unexplained; that is no reason not to try.
    return null
  }
}

export function requestOf(
  { planned }: Ground,
  { uid, resourceVersion }: Pick<Attempt, 'uid' | 'resourceVersion'>,
) {
  return boundRequest(planned.request, uid === null ? boundTo(null) : { uid, resourceVersion })
}

export function bodyDigestOf(request: BoundRequest): string {
  return digestOf('request/v1', canonicalJson(request))
}

/**
 * Sends a persisted attempt and finds out what became of it. A copy of it follows only where an answer was lost and
 * the object is still as it was: both carry the same version, so at most one of them can take effect. A creation
 * carries none, so it is never sent again: made, deleted by somebody and made by a late copy would be twice.
 */
export async function sendAttempt(ground: Ground, attempt: Attempt): Promise<Verdict> {
  let lost = false
  for (let copy = 1; ; copy++) {
    const verdict = await sendCopy(ground, attempt, lost)
    if (verdict.known !== 'unchanged') return verdict
    lost = true
    if (attempt.uid === null) return { known: 'nothing', why: `${verdict.why}; the request may still arrive` }
    if (copy === MOST_COPIES) return { known: 'nothing', why: verdict.why }
    const reason = await refusal(ground, attempt)
    if (reason) return { known: 'nothing', why: `${verdict.why}; it may not be sent again: ${reason}` }
  }
}

/** Writes an attempt down and asks, last of all, whether it may be sent. */
export async function refusal(
  { attempts, context, planned, signal }: Ground,
  attempt: Attempt,
): Promise<string | undefined> {
  if (!(await attempts.persist(attempt))) return 'Another worker has taken this over, or everything is halted'
  const reason = await context.stillAllowed(planned)
  // Who is told to stop leaves it to who takes over.
  signal.throwIfAborted()
  return reason
}

async function sendCopy(ground: Ground, attempt: Attempt, lostBefore: boolean): Promise<Verdict> {
  const { cluster, timing } = ground
  const request = requestOf(ground, attempt)
  try {
    const object = await sendMutation<KubeObject>(cluster, {
      ...request,
      headers: { ...request.headers, 'audit-id': attempt.auditId },
      // Not the caller's signal: a request under way is waited for.
      signal: AbortSignal.timeout(timing.send),
    })
    return { known: 'applied', proof: 'answer', object }
  } catch (thrown) {
    const error = asGatehouseError(thrown)
    const refused = changedNothing(error)
    const verdict = await settle(ground, attempt, refused ? error : undefined)
    // A refusal of this copy says nothing about one that was lost before it.
    if (lostBefore && verdict.known === 'not-applied' && !verdict.never) {
      return { known: 'nothing', why: verdict.why }
    }
    return verdict
  }
}
