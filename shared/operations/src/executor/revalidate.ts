import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import type { OperationOutcome } from '../attempt.ts'
import { boundTo } from '../bound-request.ts'
import { clusterIdOf } from '../cluster-id.ts'
import { digestOfMeaning, meaningOf, postImageOf } from '../meaning.ts'
import { rehearse } from '../planner/rehearse.ts'
import { refusedRequest } from './access-review.ts'
import { differingResult, movedFields } from './differences.ts'
import { type Ground, readNow, stopped } from './ground.ts'

/** The object as it was just found, equal to what was approved; null where none must be. */
export interface Valid {
  live: KubeObject | null
}

// A status written between two looks is no reason to give up; each look is cheap and changes nothing.
const MOST_LOOKS = 10

/**
 * Whether the world is still the one that was approved: cluster, permission, object, and what the API server would make
 * of it. Any difference ends it, naming what differs, before anything was sent.
 */
export async function revalidate(ground: Ground): Promise<Valid | OperationOutcome> {
  const { planned, cluster, signal } = ground
  const { clusterId, context } = planned.target
  if ((await clusterIdOf(cluster, signal)) !== clusterId) {
    return stopped('stale', `Context "${context}" leads to another cluster than the one that was approved`)
  }
  const refused = await refusedRequest(ground)
  if (refused) return stopped('failed', refused)
  for (let look = 1; ; look++) {
    const live = await readNow(ground)
    const moved = differenceOf(ground, live)
    if (moved) return stopped('stale', moved)
    try {
      const differs = await rehearsalDiffers(ground, live)
      return differs ? stopped('stale', differs) : { live: live ?? null }
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error
      const mayBeChurn = error.code === 'CONFLICT' || error.code === 'CLUSTER_REFUSED'
      if (mayBeChurn && look < MOST_LOOKS && (await hasMoved(ground, live))) continue
      if (REFUSALS.has(error.code) || (planned.type === 'evict' && error.code === 'CLUSTER_BUSY')) {
        return stopped('stale', `Rehearsed again, the cluster refuses it: ${error.message}`)
      }
      throw error
    }
  }
}

const REFUSALS = new Set(['CONFLICT', 'CLUSTER_REFUSED', 'NOT_FOUND', 'FORBIDDEN'])

async function hasMoved(ground: Ground, live: KubeObject | undefined): Promise<boolean> {
  const again = await readNow(ground)
  return again?.metadata.resourceVersion !== live?.metadata.resourceVersion
}

/** What of the object itself is not as it was planned with; undefined where it is. */
export function differenceOf(
  ground: Pick<Ground, 'planned' | 'cluster'>,
  live: KubeObject | undefined,
): string | undefined {
  const { planned } = ground
  const { kind, name } = planned.target
  if (planned.uid === undefined) return live && `There is a ${kind} ${name} now, and there was none`
  if (!live) return `${kind} ${name} is gone`
  if (live.metadata.uid !== planned.uid) return `${kind} ${name} was deleted and made anew (uid)`
  const same = digestOfMeaning(planned.salt, meaningOf(live, planned.request.body)) === planned.baseDigest
  if (!same) return `${kind} ${name} was changed since: ${movedFields(ground, live)}`
  if (planned.binding === 'strict' && live.metadata.resourceVersion !== planned.resourceVersion) {
    return `${kind} ${name} was written since (resourceVersion)`
  }
  return undefined
}

async function rehearsalDiffers(ground: Ground, live: KubeObject | undefined): Promise<string | undefined> {
  const { planned, cluster, signal } = ground
  const { answer } = await rehearse(cluster, planned.request, boundTo(live), signal)
  if (planned.postImageDigest === undefined) return undefined
  const image = digestOfMeaning(planned.salt, postImageOf(answer, live, planned.request.body))
  if (image === planned.postImageDigest) return undefined
  return `Rehearsed again, it comes out differently: ${await differingResult(ground, live, answer)}`
}
