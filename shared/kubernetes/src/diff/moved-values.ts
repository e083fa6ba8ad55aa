import type { Sanitizer } from '@gatehouse/sanitizer'
import { type Leaf, mapLeaves } from './leaves.ts'
import { isSecret, type Sides } from './secret-values.ts'
import type { Traced } from './trace-steps.ts'

const MOVED = '[redacted:known]'

/**
 * What comes of a change, with those values hidden too that are masked in the object before it: whatever stands around
 * them now. What the caller wrote at the very same place stays: to hide it where it is a secret would answer his guesses.
 */
export function withoutMoved(
  sanitizer: Sanitizer,
  before: unknown,
  after: Sides,
  given: unknown,
  traced: Traced | undefined,
): Sides {
  const knows = sanitizer.knowing(before)
  if (!knows && !traced?.masked.size) return after
  const written = traced ? traced.written : writtenIn(given)
  const at = (leaf: Leaf) => (traced ? leaf.pointer : leaf.path)
  const shown = mapLeaves(after.raw, after.shown, (leaf) => {
    if (isSecret(leaf)) return leaf.shown
    if (traced?.masked.has(leaf.pointer) && traced.masked.get(leaf.pointer) === leaf.raw) return MOVED
    if (leaf.raw === null || typeof leaf.raw === 'boolean') return leaf.shown
    const place = at(leaf)
    if (written.has(place) && written.get(place) === leaf.raw) return leaf.shown
    const raw = typeof leaf.raw === 'string' ? leaf.raw : JSON.stringify(leaf.raw)
    const clean = knows?.text(raw) ?? raw
    return isSecret({ raw, shown: clean }) ? clean : leaf.shown
  })
  return { raw: after.raw, shown }
}

function writtenIn(given: unknown): Map<string, unknown> {
  const written = new Map<string, unknown>()
  mapLeaves(given, given, ({ path, raw }) => {
    written.set(path, raw)
    return null
  })
  return written
}
