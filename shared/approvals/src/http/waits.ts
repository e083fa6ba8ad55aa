import { GatehouseError } from '@gatehouse/errors'

const MOST = 200
const MOST_PER_SUBJECT = 20

/** Calls that wait for an outcome. */
export interface Waits {
  /** Returns how the wait ends. @throws GatehouseError RATE_LIMITED where too many wait, of this subject or of all */
  begin(subject: string): () => void
}

export function createWaits(): Waits {
  const waiting = new Map<string, number>()
  let all = 0
  return {
    begin(subject) {
      const own = waiting.get(subject) ?? 0
      if (own >= MOST_PER_SUBJECT || all >= MOST)
        throw new GatehouseError('RATE_LIMITED', 'Too many calls wait for an outcome', {
          hint: 'Ask without a wait, or end other waits first',
        })
      waiting.set(subject, own + 1)
      all++
      return () => {
        const left = (waiting.get(subject) ?? 1) - 1
        if (left === 0) waiting.delete(subject)
        else waiting.set(subject, left)
        all--
      }
    },
  }
}
