import type { Attempt, AttemptStore } from '../../src/index.ts'
import type { Random } from './random.ts'

/** An executor that died, as its worker sees it: it is gone. */
export class Killed extends Error {}

/** One row of a store: attempts and the fence that says who may write. */
export class FencedStore {
  #fence = 0
  readonly attempts: Attempt[] = []

  /** The store as the next executor sees it; all before it are fenced off. Dies at a random moment, or not. */
  claim(random: Random): AttemptStore {
    const fence = ++this.#fence
    const dies = random.pick(['never', 'never', 'before', 'after'] as const)
    return {
      load: async () => this.attempts.at(-1),
      persist: async (attempt) => {
        if (dies === 'before' && random.chance(0.5)) throw new Killed('before the attempt was written')
        if (fence !== this.#fence) return false
        const last = this.attempts.at(-1)
        if (last && attempt.number < last.number) return false
        if (!last || attempt.number > last.number) this.attempts.push(attempt)
        if (dies === 'after' && random.chance(0.5)) throw new Killed('after the attempt was written')
        return true
      },
    }
  }
}
