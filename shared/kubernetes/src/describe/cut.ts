/** Below this a field is not worth opening: it is left out whole. */
const SMALLEST_SHARE = 160

export interface Cut<T> {
  kept: T
  /** Paths that were left out, with their size. */
  omitted: string[]
}

/**
 * Makes data fit `most` characters of JSON by leaving out whole fields, the largest first: small fields say what
 * an object is, large ones are mostly one blob. Never cuts inside a value.
 */
export function cutToFit<T extends object>(data: T, most: number): Cut<T> {
  const omitted: string[] = []
  if (sizeOf(data) <= most) return { kept: data, omitted }
  // Same shape with fewer fields; every consumer treats fields as optional.
  const kept = (fit(data, most, '', omitted) ?? {}) as T
  return { kept, omitted }
}

/** A note that names what was left out. */
export function omittedNote(omitted: readonly string[]): string {
  const more = omitted.length > 10 ? ` and ${omitted.length - 10} more` : ''
  return `left out to fit the reply: ${omitted.slice(0, 10).join(', ')}${more}; raise maxTokens to see it`
}

function fit(value: unknown, share: number, path: string, omitted: string[]): unknown {
  const size = sizeOf(value)
  if (size <= share) return value
  if (value === null || typeof value !== 'object' || share < SMALLEST_SHARE) {
    omitted.push(`${path} (${size} characters)`)
    return undefined
  }
  const before = omitted.length
  const entries = Object.entries(value)
  const kept = new Map<string, unknown>()
  const sizes = new Map(entries.map(([key, child]) => [key, sizeOf(child) + overhead(key)]))
  const smallestFirst = [...entries].sort(([a], [b]) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0))
  let left = share - 2
  smallestFirst.forEach(([key, child], index) => {
    const fair = left / (smallestFirst.length - index)
    const part = fit(child, fair - overhead(key), join(path, key, Array.isArray(value)), omitted)
    if (part === undefined) return
    kept.set(key, part)
    left -= sizeOf(part) + overhead(key)
  })
  if (kept.size === 0) {
    // Nothing inside fits: one path says it, not one per child.
    omitted.splice(before, omitted.length, `${path} (${size} characters)`)
    return undefined
  }
  const inOrder = entries
    .filter(([key]) => kept.has(key))
    .map(([key]): [string, unknown] => [key, kept.get(key)])
  return Array.isArray(value) ? inOrder.map(([, child]) => child) : Object.fromEntries(inOrder)
}

// Quoted key, colon and comma.
function overhead(key: string): number {
  return JSON.stringify(key).length + 2
}

function join(path: string, key: string, inArray: boolean): string {
  if (inArray) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}
