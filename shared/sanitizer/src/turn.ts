import { setImmediate } from 'node:timers/promises'

// A request of somebody else needs several rounds: one to connect, one to read, one to answer.
const ROUNDS = 4

let last: Promise<void> = Promise.resolve()

/**
 * To be awaited before a piece of long synchronous work, such as sanitising some ten kB. Waits for a round of the event loop of one's own, with free rounds before it. A plain `setImmediate` would run the
 * work of all who wait in the same round, one after the other, and nobody else would be served meanwhile.
 */
export function turn(): Promise<void> {
  last = last.then(rounds)
  return last
}

async function rounds(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await setImmediate()
}
