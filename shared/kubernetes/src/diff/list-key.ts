// In order of preference: what Kubernetes lists of objects are keyed by.
const KEYS = [
  'name',
  'mountPath',
  'devicePath',
  'containerPort',
  'port',
  'topologyKey',
  'host',
  'path',
  'uid',
  'ip',
  'type',
  'key',
]

/** The field that names the entries of two lists: present in all of them and different in each list's entries. */
export function listKey(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return KEYS.find((key) => names(before, key) && names(after, key))
}

function names(entries: readonly unknown[], key: string): boolean {
  const seen = new Set<string>()
  for (const entry of entries) {
    if (entry === null || typeof entry !== 'object' || !Object.hasOwn(entry, key)) return false
    const value = Object.getOwnPropertyDescriptor(entry, key)?.value
    if (typeof value !== 'string' && typeof value !== 'number') return false
    seen.add(String(value))
  }
  return seen.size === entries.length
}
