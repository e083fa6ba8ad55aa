import { randomInt } from 'node:crypto'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { KubeObject } from '../client/cluster.ts'
import { blinded } from './blind.ts'
import { comparable } from './comparable.ts'
import { type Leaf, mapLeaves } from './leaves.ts'
import { positionless } from './positionless.ts'
import { isSecret } from './secret-values.ts'

/**
 * What a caller gave with every secret in it, by its own looks or by those of the live object, replaced by a random one
 * of the same shape; undefined where there is none. Where the API server refuses this too, a refusal tells nothing about
 * the value that is there.
 */
export async function withOtherSecrets<T>(
  sanitizer: Sanitizer,
  given: T,
  live: KubeObject,
): Promise<T | undefined> {
  const plain = comparable(live)
  const known = new Set<string>()
  mapLeaves(plain, await blinded(sanitizer, plain), (leaf) => {
    if (isSecret(leaf)) known.add(leaf.path).add(leaf.pattern)
    return null
  })
  let found = false
  const other = mapLeaves(given, await blinded(sanitizer, given), (leaf: Leaf) => {
    const secret = isSecret(leaf) || known.has(leaf.path) || known.has(positionless(leaf.pattern))
    if (!secret || typeof leaf.raw !== 'string') return leaf.raw
    found = true
    return leaf.raw.replace(/[0-9]|[a-z]|[A-Z]/g, another)
  })
  return found ? (other as T) : undefined
}

function another(character: string): string {
  const [first, count] = character < ':' ? ['0', 10] : character < '[' ? ['A', 26] : ['a', 26]
  const place = (character.charCodeAt(0) - first.charCodeAt(0) + randomInt(1, count)) % count
  return String.fromCharCode(first.charCodeAt(0) + place)
}
