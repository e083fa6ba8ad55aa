import type { Sanitised } from '@gatehouse/sanitizer'
import type { StoredRequest } from '../request.ts'
import type { ApprovalDeps } from './deps.ts'

export interface Staleness {
  stale?: Sanitised<string> | undefined
  /** It could not be looked at in time. */
  unchecked?: boolean
}

const PATIENCE_MS = 3_000

/** Looks at the objects of a request that waits; one that does not wait any more is not looked at. */
export async function stalenessOf(
  { isStale, sanitizer }: Pick<ApprovalDeps, 'isStale' | 'sanitizer'>,
  request: StoredRequest,
): Promise<Staleness> {
  if (request.state !== 'pending') return {}
  const { promise: late, resolve } = Promise.withResolvers<Staleness>()
  const timer = setTimeout(() => resolve({ unchecked: true }), PATIENCE_MS)
  const patience = new AbortController()
  const looked = isStale(request, patience.signal).then(
    (what): Staleness => (what === undefined ? {} : { stale: sanitizer.text(what) }),
    (): Staleness => ({ unchecked: true }),
  )
  try {
    return await Promise.race([looked, late])
  } finally {
    clearTimeout(timer)
    patience.abort()
  }
}

export interface StaleWatch {
  stop(): void
}

export interface StaleWatchOptions {
  look: (requestId: string) => Promise<Staleness>
  watched: () => ReadonlySet<string>
  tell: (requestId: string) => void
  everyMs: number
}

/** Looks again and again at the requests somebody has open, and tells their pages when the answer changes. */
export function watchStaleness({ look, watched, tell, everyMs }: StaleWatchOptions): StaleWatch {
  const known = new Map<string, string>()
  let busy = false
  const round = async () => {
    if (busy) return
    busy = true
    try {
      const now = watched()
      for (const requestId of known.keys()) if (!now.has(requestId)) known.delete(requestId)
      for (const requestId of now) {
        const { stale, unchecked } = await look(requestId).catch((): Staleness => ({ unchecked: true }))
        if (unchecked) continue
        const before = known.get(requestId)
        known.set(requestId, stale ?? '')
        // The first look is told when it found something: the page may have been drawn just before.
        if ((before ?? '') !== (stale ?? '')) tell(requestId)
      }
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void round(), everyMs)
  return { stop: () => clearInterval(timer) }
}
