import { isDeepStrictEqual } from 'node:util'
import { isRecord } from './plain-input.ts'

/** The merge patch (RFC 7396) that makes `to` of `from`; undefined where they are equal. Lists are replaced whole. */
export function mergePatchBetween(from: unknown, to: unknown): Record<string, unknown> | undefined {
  if (!isRecord(from) || !isRecord(to)) return undefined
  const changes: [string, unknown][] = []
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [was, is] = [own(from, key), own(to, key)]
    if (isDeepStrictEqual(was, is)) continue
    if (is === undefined) changes.push([key, null])
    else if (isRecord(was) && isRecord(is)) changes.push([key, mergePatchBetween(was, is)])
    else changes.push([key, is])
  }
  // Not by assignment: a key of a ConfigMap may be called __proto__.
  return changes.length > 0 ? Object.fromEntries(changes) : undefined
}

// A field may be called like something that every object inherits.
function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
