import { GatehouseError } from '@gatehouse/errors'
import type { ReferenceSource } from './sources/source.ts'
import { type Survey, survey } from './survey.ts'

// Nobody waits for a slow cluster longer than this, counted from when somebody asked first.
const PATIENCE_MS = 3_000
const FAILED_AGAIN_MS = 10_000
// An API service that is down takes its documents along; the others need not be read anew every few seconds.
const UNREAD_AGAIN_MS = 60_000

interface Surveying {
  result: Promise<Survey>
  began: number
  /** When to begin anew; undefined while it runs, and for good when everything was read. */
  again?: number
}

/**
 * One survey per source, kept with it. Throws TIMEOUT while it takes long: it goes on, and a later call gets it. What
 * failed, or left something out, is tried again.
 */
export function createSurveys(): (source: ReferenceSource) => Promise<Survey> {
  const known = new WeakMap<ReferenceSource, Surveying>()
  const begin = (source: ReferenceSource): Surveying => {
    const surveying: Surveying = { result: survey(source), began: Date.now() }
    surveying.result.then(
      ({ unread }) => {
        if (unread.length > 0) surveying.again = Date.now() + UNREAD_AGAIN_MS
      },
      () => {
        surveying.again = Date.now() + FAILED_AGAIN_MS
      },
    )
    return surveying
  }
  return (source) => {
    let current = known.get(source)
    if (!current || Date.now() >= (current.again ?? Number.POSITIVE_INFINITY)) {
      current = begin(source)
      known.set(source, current)
    }
    // What is on the disk is read in a moment, however busy this machine is.
    if (source.origin !== 'cluster') return current.result
    return within(current.result, current.began + PATIENCE_MS - Date.now())
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const refuse = () => reject(new GatehouseError('TIMEOUT', 'it is still being read'))
  const timer = setTimeout(refuse, Math.max(0, ms))
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
