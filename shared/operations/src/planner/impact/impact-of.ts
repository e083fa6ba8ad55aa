import type { KubeObject } from '@gatehouse/kubernetes'
import type { Place } from '../place.ts'
import type { Rehearsed } from '../rehearsed.ts'
import type { Surroundings } from '../surroundings.ts'
import { managerSentences } from './managers.ts'
import { podSentences } from './pods.ts'
import { userSentences } from './users.ts'

/** Sentences about what a change touches besides the object itself, for a person to decide by. */
export async function impactOf(
  operation: Rehearsed,
  place: Place,
  live: KubeObject | undefined,
  after: KubeObject | undefined,
  around: Surroundings,
): Promise<string[]> {
  const users = operation.type === 'delete' ? await userSentences(place) : []
  const unread = around.notes.map((note) => `Not seen, ${note}`)
  return [
    ...podSentences(operation, live, after, around),
    ...users,
    ...managerSentences(live),
    ...unread,
  ].map((text) => place.cluster.sanitizer.blind().text(text))
}
