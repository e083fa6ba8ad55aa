import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { type Scrub, scrubber, type Traced, traceSteps } from '@gatehouse/kubernetes/planning'
import { boundTo, type Precondition } from '../bound-request.ts'
import { digestOfMeaning, meaningOf, postImageOf } from '../meaning.ts'
import { type Draft, type Drafting, nameOf } from './draft.ts'
import { liveObject, type Place } from './place.ts'
import { assertTellsNothing } from './probe.ts'
import { rehearseForPlan } from './rehearse.ts'

/** What the API server says will be, seen from one state of the object. */
export interface Outlook {
  draft: Draft
  live: KubeObject | undefined
  /** Undefined where the change leaves nothing to look at. */
  after: KubeObject | undefined
  postImageDigest: string | undefined
  warnings: string[]
  traced: Traced | undefined
  /** Makes a text that may quote the object fit to be shown. */
  scrub: Scrub
}

const MOST_LOOKS = 5

/**
 * Has a change rehearsed twice between two looks at the object, so that what was seen and what will be belong together.
 * A status written meanwhile does not matter.
 * @throws GatehouseError CANNOT_PLAN where the rehearsals differ, CONFLICT where the object does not keep still
 */
export async function outlookOf(
  drafting: Drafting,
  salt: string,
  draftFor: (drafting: Drafting) => Draft | Promise<Draft>,
): Promise<Outlook> {
  const { place } = drafting
  let { live } = drafting
  for (let look = 1; look <= MOST_LOOKS; look++) {
    const draft = await draftFor({ ...drafting, live })
    const { body } = draft.request
    const { sanitizer } = place.cluster
    const traced = live && draft.steps && (await traceSteps(sanitizer, live, draft.steps))
    const scrub = scrubber(sanitizer, live, draft.steps ?? draft.given)
    await assertTellsNothing(place, draft, live)
    const imageOf = (object: KubeObject) => digestOfMeaning(salt, postImageOf(object, live, body))
    const first = await rehearse(place, draft, live, scrub)
    const second = draft.image === 'none' ? undefined : await rehearse(place, draft, live, scrub)
    const again = await liveObject(place)
    if (isSame(live, again, body)) {
      const after = second && first.answer
      if (second && imageOf(first.answer) !== imageOf(second.answer)) throw unsteady()
      const { warnings } = first
      return { draft, live, after, postImageDigest: after && imageOf(after), warnings, traced, scrub }
    }
    live = again
  }
  throw new GatehouseError('CONFLICT', `${nameOf(place)} changes all the time`, {
    hint: 'Ask again when nobody else works on it',
  })
}

async function rehearse(place: Place, draft: Draft, live: KubeObject | undefined, scrub: Scrub) {
  // Bound to the object, not to its version: a status written in this moment is no conflict.
  const bound: Precondition = live ? { uid: live.metadata.uid ?? null, resourceVersion: null } : boundTo(live)
  try {
    return await rehearseForPlan(place.cluster, draft.request, bound, place.signal)
  } catch (error) {
    throw error instanceof GatehouseError ? scrubbed(error, scrub) : error
  }
}

function isSame(live: KubeObject | undefined, again: KubeObject | undefined, body: unknown): boolean {
  if (!live || !again) return live === again
  const of = (object: KubeObject) => digestOfMeaning('', meaningOf(object, body))
  return of(live) === of(again)
}

function unsteady(): GatehouseError {
  return new GatehouseError('CANNOT_PLAN', 'Rehearsed twice, this change comes out differently each time', {
    hint: 'An admission webhook puts random or timed values in; what is approved could not be what happens',
  })
}

function scrubbed(error: GatehouseError, scrub: Scrub): GatehouseError {
  const { code, message, hint, quotesCluster, data, cause } = error
  return new GatehouseError(code, scrub(message), { hint, quotesCluster, data, cause })
}
