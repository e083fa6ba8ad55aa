import { isDeepStrictEqual } from 'node:util'
import { isRecord } from './plain-input.ts'

/** The merge patch (RFC 7396) that makes `to` of `from`; undefined where they are equal. Lists are replaced whole. */
export function mergePatchBetween(from: unknown, to: unknown): Record<string, unknown> | undefined {
  if (!isRecord(from) || !isRecord(to)) return undefined
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [was, is] = [from[key], to[key]]
    if (isDeepStrictEqual(was, is)) continue
    if (is === undefined) patch[key] = null
    else if (isRecord(was) && isRecord(is)) patch[key] = mergePatchBetween(was, is)
    else patch[key] = is
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}
