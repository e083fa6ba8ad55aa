import { GatehouseError } from '@gatehouse/errors'

const MOST_VALUES = 200_000

/**
 * Refuses what has no honest JSON form: structures that aliases blow up or close to a circle, numbers that JSON
 * cannot carry. Aliases share one object, so the grown size is counted, never built. Returns how many values there are.
 */
export function assertPlain(value: unknown, where: string): number {
  const sizes = new Map<object, number>()
  const refuse = (reason: string): never => {
    throw new GatehouseError('INVALID_INPUT', `yamlContent: ${where}: ${reason}`)
  }
  const size = (one: unknown): number => {
    if (typeof one === 'number') {
      if (!Number.isFinite(one)) refuse('.inf and .nan are no JSON numbers')
      if (Number.isInteger(one) && !Number.isSafeInteger(one)) {
        refuse('a whole number beyond 2^53 would change its value; put it in quotes')
      }
    }
    if (one === null || typeof one !== 'object') return 1
    const known = sizes.get(one)
    if (known !== undefined) return known === 0 ? refuse('an alias leads back to itself') : known
    // 0 marks a value whose count has begun.
    sizes.set(one, 0)
    let total = 1
    for (const member of Object.values(one)) total += size(member)
    if (total > MOST_VALUES) refuse(`its aliases grow to more than ${MOST_VALUES} values`)
    sizes.set(one, total)
    return total
  }
  return size(value)
}
