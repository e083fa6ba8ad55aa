import type { Place } from '../place.ts'
import type { Rehearsed } from '../rehearsed.ts'
import type { Surroundings } from '../surroundings.ts'
import { managerSentences } from './managers.ts'
import { type Change, podSentences } from './pods.ts'
import { userSentences } from './users.ts'

/** Sentences about what a change touches besides the object itself, for a person to decide by. */
export async function impactOf(
  operation: Rehearsed,
  place: Place,
  change: Change,
  around: Surroundings,
): Promise<string[]> {
  const users = operation.type === 'delete' ? await userSentences(place) : []
  const unread = around.notes.map((note) => `Not seen, ${note}`)
  return [
    ...podSentences(operation, change, around),
    ...users,
    ...managerSentences(change.live),
    ...unread,
  ].map((text) => place.cluster.sanitizer.blind().text(text))
}
