import type { Sanitizer } from '@gatehouse/sanitizer'
import type { KubeObject } from '../client/cluster.ts'
import { comparable } from './comparable.ts'
import { withoutRepeated } from './secret-values.ts'

export type Scrub = (text: string) => string

/**
 * Takes out of texts about a change what is masked in the object: every value that the API server repeats, for which of
 * them are secret would answer guesses, and elsewhere those that the caller did not write himself.
 */
export function scrubber(sanitizer: Sanitizer, live: KubeObject | undefined, given: unknown): Scrub {
  const blind = sanitizer.blind()
  const object = live && comparable(live)
  if (!object || !sanitizer.knowing(object)) return (text) => blind.text(text)
  const knows = sanitizer.knowing(object, JSON.stringify(given)) ?? blind
  return (text) => knows.text(withoutRepeated(text))
}
