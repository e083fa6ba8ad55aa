import { setImmediate } from 'node:timers/promises'
import type { Sanitizer } from '@gatehouse/sanitizer'

/** What stands for something secret, with the size that follows some marks. */
export const MARKS = /\[redacted:[^\]\s]{1,64}\](?: \(\d{1,9} bytes\))?/g

/**
 * An object without anything secret, whole: cut it only afterwards. Its marks tell the class alone, for a digest or a
 * size of what a caller made up could be looked up in the cluster.
 */
export async function blinded<T>(sanitizer: Sanitizer, object: T): Promise<T> {
  const blind = sanitizer.blind()
  const masked = blind.maskObject(object)
  // Each of the two is some ten milliseconds of work for a large object; others get their turn between them.
  await setImmediate()
  const clean = blind.value(masked)
  await setImmediate()
  return withoutSizes(clean) as T
}

function withoutSizes(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(MARKS, (mark) => mark.replace(/ \(.*$/, ''))
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(withoutSizes)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSizes(member)]))
}
