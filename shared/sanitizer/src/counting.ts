import { AsyncLocalStorage } from 'node:async_hooks'

const scope = new AsyncLocalStorage<Record<string, number>>()

/**
 * Runs `body` so that whatever any sanitizer redacts or withholds in it, and in all it awaits, is also counted per
 * class in `counts`. An inner scope takes the place of an outer one.
 */
export function counting<T>(counts: Record<string, number>, body: () => T): T {
  return scope.run(counts, body)
}

/** Counts one redaction for the process and for the call it happens in. */
export function count(total: Record<string, number>, kind: string): void {
  total[kind] = (total[kind] ?? 0) + 1
  const own = scope.getStore()
  if (own) own[kind] = (own[kind] ?? 0) + 1
}
