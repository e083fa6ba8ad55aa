import { setTimeout as pause } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import type { Attempt } from '../attempt.ts'
import { isMarked } from '../marker.ts'
import { digestOfMeaning, meaningOf } from '../meaning.ts'
import { type Ground, readNow } from './ground.ts'
import { type Passed, versionsBehind } from './history.ts'
import type { Verdict } from './verdict.ts'

/**
 * What became of an attempt whose answer was lost or was a refusal, as far as the cluster shows it. A refusal is looked
 * into once; after a lost answer the object is watched for a bounded time first, for the request may still be under way.
 */
export async function settle(ground: Ground, attempt: Attempt, refusal?: GatehouseError): Promise<Verdict> {
  const start = Date.now()
  for (;;) {
    const verdict = await look(ground, attempt, refusal)
    const waited = Date.now() - start
    // A cluster that cannot be asked just now will be, mostly.
    if (verdict.known === 'unreadable') {
      if (waited >= ground.timing.send) return { known: 'nothing', why: verdict.why }
    } else if (verdict.known !== 'unchanged' || refusal !== undefined || waited >= ground.timing.lost) {
      return verdict
    }
    await pause(ground.timing.poll)
  }
}

type Look = Verdict | { known: 'unreadable'; why: string }

async function look(ground: Ground, attempt: Attempt, refusal: GatehouseError | undefined): Promise<Look> {
  let live: KubeObject | undefined
  try {
    // The caller's signal is not asked: who was told that it is over must be told the truth.
    live = await readNow(ground, AbortSignal.timeout(ground.timing.send))
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    return { known: 'unreadable', why: `the object cannot be read: ${error.message}` }
  }
  if (attempt.uid === null) return lookForNew(ground, attempt, live, refusal)
  const here = live?.metadata.uid === attempt.uid ? live : undefined
  if (here && isMarked(here, ground.planned.marker)) return { known: 'applied', proof: 'mark', object: here }
  if (isEnding(ground)) return lookForEnd(ground, attempt, here, refusal)
  if (here && here.metadata.resourceVersion === attempt.resourceVersion) {
    if (!refusal) return { known: 'unchanged', why: 'no answer came, and the object is unchanged' }
    return { known: 'not-applied', never: false, why: refusal.message, error: refusal }
  }
  return lookBehind(ground, attempt, refusal)
}

// The object has moved on or is gone: the version right behind the attempt's tells whose write that was.
async function lookBehind(
  ground: Ground,
  attempt: Attempt,
  refusal: GatehouseError | undefined,
): Promise<Verdict> {
  const behind = await versionsBehind(ground, attempt.resourceVersion ?? '', (seen) => seen.length > 0)
  const [first] = behind ?? []
  if (first && couldBeOurs(ground, first)) {
    if (isMarked(first.object, ground.planned.marker)) {
      return { known: 'applied', proof: 'history', object: first.object }
    }
  } else if (first) {
    return {
      known: 'not-applied',
      never: true,
      why: 'somebody else wrote the object first',
      ...errorOf(refusal),
    }
  }
  if (refusal) return { known: 'not-applied', never: false, why: refusal.message, error: refusal }
  return { known: 'nothing', why: 'no answer came, the object has changed since, and nothing proves by whom' }
}

// A Scale carries no mark. But a version that means what was there before is not the one it would have made.
function couldBeOurs({ planned }: Ground, { type, object }: Passed): boolean {
  if (type === 'DELETED') return false
  if (!planned.request.path.endsWith('/scale')) return isMarked(object, planned.marker)
  return digestOfMeaning(planned.salt, meaningOf(object, planned.request.body)) !== planned.baseDigest
}

async function lookForNew(
  ground: Ground,
  attempt: Attempt,
  live: KubeObject | undefined,
  refusal: GatehouseError | undefined,
): Promise<Verdict> {
  const { planned } = ground
  if (live && isMarked(live, planned.marker)) return { known: 'applied', proof: 'mark', object: live }
  const made = ({ type, object }: Passed) => type === 'ADDED' && isMarked(object, planned.marker)
  const behind = attempt.resourceVersion
    ? await versionsBehind(ground, attempt.resourceVersion, (seen) => seen.some(made))
    : undefined
  const ours = behind?.find(made)
  if (ours) {
    return {
      known: 'applied',
      proof: 'history',
      object: ours.object,
      note: 'it was changed or deleted since',
    }
  }
  if (refusal) return { known: 'not-applied', never: false, why: refusal.message, error: refusal }
  if (!behind)
    return { known: 'nothing', why: 'no answer came, and nothing tells whether the object was made' }
  if (!live) return { known: 'unchanged', why: 'no answer came, and the object is not there' }
  return { known: 'not-applied', never: false, why: 'somebody else made an object of this name' }
}

function isEnding({ planned }: Ground): boolean {
  return planned.type === 'delete' || planned.type === 'evict'
}

// An end cannot be taken back, so what is not ending was not reached.
function lookForEnd(
  { planned }: Ground,
  attempt: Attempt,
  here: KubeObject | undefined,
  refusal: GatehouseError | undefined,
): Verdict {
  if (!here || here.metadata.deletionTimestamp) {
    const what = here ? 'is being deleted' : 'is gone'
    const note = `${planned.target.kind} ${planned.target.name} ${what}; whether by this or somebody else is not known`
    return { known: 'applied', proof: 'state', ...(here && { object: here }), note }
  }
  if (refusal) {
    const never = here.metadata.resourceVersion !== attempt.resourceVersion
    return { known: 'not-applied', never, why: refusal.message, error: refusal }
  }
  if (here.metadata.resourceVersion === attempt.resourceVersion) {
    return { known: 'unchanged', why: 'no answer came, and the object is unchanged' }
  }
  return { known: 'not-applied', never: true, why: 'somebody else wrote the object first' }
}

function errorOf(error: GatehouseError | undefined) {
  return error && { error }
}
