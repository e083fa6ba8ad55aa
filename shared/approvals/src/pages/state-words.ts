import { ownWords } from '@gatehouse/sanitizer'
import type { Shown, Tone } from '@gatehouse/web'
import type { RequestState } from '../request.ts'

/** How each state is called, and whether it is good news. */
export const STATES: Record<RequestState, { word: Shown; tone: Tone }> = {
  pending: { word: ownWords`pending`, tone: 'plain' },
  approved: { word: ownWords`approved`, tone: 'plain' },
  executing: { word: ownWords`being carried out`, tone: 'plain' },
  succeeded: { word: ownWords`succeeded`, tone: 'good' },
  failed: { word: ownWords`failed`, tone: 'bad' },
  indeterminate: { word: ownWords`not known whether it happened`, tone: 'bad' },
  rejected: { word: ownWords`rejected`, tone: 'care' },
  expired: { word: ownWords`expired`, tone: 'care' },
  cancelled: { word: ownWords`cancelled`, tone: 'plain' },
  stale: { word: ownWords`stale`, tone: 'care' },
  blocked: { word: ownWords`blocked`, tone: 'bad' },
}

/** What a state means for the reader, under the title. */
export const MEANS: Record<Exclude<RequestState, 'pending'>, Shown> = {
  approved: ownWords`Approved. It is carried out as soon as the last check passes.`,
  executing: ownWords`It is being carried out now.`,
  succeeded: ownWords`It was carried out and has worked as expected.`,
  failed: ownWords`It was not carried out, or it did not work. What is known stands below.`,
  indeterminate: ownWords`Nobody knows whether this happened. Look at the object before anything else is tried.`,
  rejected: ownWords`Rejected. Nothing was changed.`,
  expired: ownWords`The time to decide or to carry it out is over. Nothing was changed; ask again if it is still wanted.`,
  cancelled: ownWords`Withdrawn. Nothing was changed.`,
  stale: ownWords`The object is no longer as it was shown. Nothing was changed; ask again to see it as it is now.`,
  blocked: ownWords`Stopped by a policy, the kill switch or a check. Nothing more is done.`,
}

/** Operations after which an object is gone. */
export const DESTRUCTIVE: ReadonlySet<string> = new Set(['delete', 'evict'])
