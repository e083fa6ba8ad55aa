import type { Dependent } from '../dependents.ts'
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
  around: Surroundings & { going: Dependent[] | null },
): Promise<string[]> {
  const users = operation.type === 'delete' ? await userSentences(place) : []
  const unread = around.notes.map((note) => `Not seen, ${note}`)
  return [
    ...podSentences(operation, change, around),
    ...goingSentences(around.going),
    ...users,
    ...managerSentences(change.live),
    ...unread,
  ].map((text) => place.cluster.sanitizer.blind().text(text))
}

const MOST_NAMED = 20

function goingSentences(going: Dependent[] | null): string[] {
  if (!going) return ['Not seen: which objects go along with it']
  if (going.length === 0) return []
  const names = going.slice(0, MOST_NAMED).map(({ kind, name }) => `${kind} ${name}`)
  const more = going.length > MOST_NAMED ? ` and ${going.length - MOST_NAMED} more` : ''
  return [`${going.length} objects go along with it: ${names.join(', ')}${more}`]
}
