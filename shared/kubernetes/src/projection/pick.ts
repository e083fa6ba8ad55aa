/** A copy of an object with nothing but what lies on the paths. */
export function pick<T>(value: T, paths: readonly (readonly string[])[]): T {
  if (!isObject(value) || paths.some((path) => path.length === 0)) return value
  const rests = new Map<string, string[][]>()
  for (const [key = '', ...rest] of paths) rests.set(key, [...(rests.get(key) ?? []), rest])
  const picked = [...rests]
    .filter(([key]) => Object.hasOwn(value, key))
    .map(([key, rest]) => [key, pick(value[key], rest)])
  return Object.fromEntries(picked)
}

// A list is picked whole: expressions loop over it.
function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
