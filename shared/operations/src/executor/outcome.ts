import type { OperationOutcome } from '../attempt.ts'
import { digestOfMeaning, postImageOf } from '../meaning.ts'
import type { Baseline } from '../verify/baseline.ts'
import { verify } from '../verify/verify.ts'
import type { Ground } from './ground.ts'
import type { Verdict } from './verdict.ts'

/** What a verdict means for the request, and what is seen afterwards where it took effect. */
export async function outcomeOf(
  ground: Ground,
  verdict: Verdict,
  baseline: Baseline,
): Promise<OperationOutcome> {
  switch (verdict.known) {
    case 'applied':
      return succeeded(ground, verdict, baseline)
    case 'not-applied': {
      const status = Object(verdict.error?.cause).status
      const stale = verdict.never || status === 409 || status === 404
      return { state: stale ? 'stale' : 'failed', reason: `Nothing was changed: ${verdict.why}` }
    }
    default:
      return { state: 'indeterminate', reason: verdict.why }
  }
}

async function succeeded(
  ground: Ground,
  { proof, object, note }: Extract<Verdict, { known: 'applied' }>,
  baseline: Baseline,
): Promise<OperationOutcome> {
  const written = object?.metadata
  const different = proof === 'answer' && object && !asApproved(ground, object)
  const verification = different
    ? {
        ok: false,
        text: 'What the cluster stored is not what was approved: something changed it on the way in',
      }
    : await verify(ground, object, baseline)
  return {
    state: 'succeeded',
    ...(note && { reason: note }),
    result: {
      proof,
      ...(written?.uid && { uid: written.uid }),
      ...(written?.resourceVersion && { resourceVersion: written.resourceVersion }),
    },
    ...(verification && { verification }),
  }
}

function asApproved({ planned }: Ground, object: Parameters<typeof postImageOf>[0]): boolean {
  if (planned.postImageDigest === undefined) return true
  // Of what was there before, only whether there was something matters here.
  const image = postImageOf(object, planned.before as typeof object | undefined, planned.request.body)
  return digestOfMeaning(planned.salt, image) === planned.postImageDigest
}
