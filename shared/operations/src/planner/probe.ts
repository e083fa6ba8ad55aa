import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { withOtherSecrets } from '@gatehouse/kubernetes/planning'
import { JSON_PATCH } from '../bound-request.ts'
import type { Draft } from './draft.ts'
import type { Place } from './place.ts'
import { isRecord } from './plain-input.ts'
import { pointerOf } from './pointer.ts'
import { rehearseForPlan } from './rehearse.ts'

/**
 * Rehearses a change with random values in the place of its secrets, where it has any. Refused then, it is refused
 * altogether: else a conflict or a refusal that comes only with a wrong value would answer guesses, unseen by anybody.
 */
export async function assertTellsNothing(
  place: Place,
  draft: Draft,
  live: KubeObject | undefined,
): Promise<void> {
  const { request } = draft
  if (!live || request.method !== 'PATCH') return
  const body =
    request.contentType === JSON_PATCH
      ? await otherSteps(place, request.body, live)
      : await other(place, request.body, live)
  if (body === undefined) return
  const bound = { uid: live.metadata.uid ?? null, resourceVersion: null }
  try {
    await rehearseForPlan(place.cluster, { ...request, body }, bound, place.signal)
  } catch (error) {
    if (!(error instanceof GatehouseError) || !REFUSALS.has(error.code)) throw error
    const conflicts = Array.isArray(error.data.conflicts) ? error.data.conflicts : []
    throw new GatehouseError(error.code, 'The cluster would not take another secret value there', {
      data: { conflicts },
      hint: 'Another manager owns the field, or it cannot be changed: leave the secret out',
    })
  }
}

const REFUSALS = new Set(['CONFLICT', 'CLUSTER_REFUSED', 'FORBIDDEN', 'CANNOT_PLAN'])

function other<T>({ cluster }: Place, given: T, live: KubeObject): Promise<T | undefined> {
  return withOtherSecrets(cluster.sanitizer, given, live)
}

// Each value is looked at where its pointer puts it, for its name stands there.
async function otherSteps(place: Place, steps: unknown, live: KubeObject): Promise<unknown> {
  let found = false
  const changed: unknown[] = []
  for (const step of Array.isArray(steps) ? steps : []) {
    const whole = isRecord(step) && 'value' in step ? nested(pointerOf(step), step.value) : undefined
    const replaced = whole && (await other(place, whole, live))
    if (replaced) found = true
    changed.push(replaced ? { ...step, value: dig(replaced, pointerOf(step)) } : step)
  }
  return found ? changed : undefined
}

function nested(keys: readonly string[], value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = keys
  return { [key]: rest.length > 0 ? nested(rest, value) : value }
}

function dig(object: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => Object(at)[key], object)
}
