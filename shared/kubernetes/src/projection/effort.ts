import type { CelFunc, CelList, CelResult, CelValue } from '@bufbuild/cel'
import { GatehouseError } from '@gatehouse/errors'

type Cel = typeof import('@bufbuild/cel')

/** Texts are cut to this before an expression looks at them, and none that it makes may be longer. */
export const LONGEST_TEXT = 16_384
const MOST_ELEMENTS = 20_000
const MOST_TURNS = 1_000_000
const MOST_TURNS_PER_ROW = 20_000
// Health checks wait for one row, not for the question: lists let others in between.
const ROW_MS = 50
const QUESTION_MS = 2_000

/**
 * What the evaluation of an expression may cost: turns of loops, time, and the size of what it makes. Every turn and
 * every function asks here, and no single one of them can take long.
 */
export class Effort {
  readonly #cel: Cel
  /** The elements of lists that were joined here. */
  readonly #elements = new WeakMap<CelList, CelValue[]>()
  #exceeded = false
  #turns = 0
  #turnsAllowed = 0
  #spent = 0
  #began = 0
  #lookAt = 0

  constructor(cel: Cel) {
    this.#cel = cel
  }

  /** Evaluates one row. Throws TOO_LARGE where that is too much. */
  row<Result>(evaluate: () => Result): Result {
    this.#turnsAllowed = Math.min(this.#turns + MOST_TURNS_PER_ROW, MOST_TURNS)
    this.#began = usedMs()
    this.#lookAt = performance.now() + ROW_MS
    const result = evaluate()
    this.#spent += usedMs() - this.#began
    if (!this.#exceeded && this.#spent <= QUESTION_MS) return result
    throw new GatehouseError('TOO_LARGE', 'where: this expression takes too many steps', {
      hint: 'Loop over shorter lists, or narrow the question with a selector',
    })
  }

  /** Whether a loop may take another turn. */
  turn(): boolean {
    if (++this.#turns > this.#turnsAllowed) this.#exceeded = true
    return this.#inTime()
  }

  /** The functions of CEL as they may be called here. */
  functions(): CelFunc[] {
    return [...this.#cel.celEnv().funcs].map((func) => {
      const call = (id: number, target: CelValue | undefined, args: CelValue[]) =>
        this.#call(func, id, target, args)
      return Object.create(func, { call: { value: call } })
    })
  }

  #call(func: CelFunc, id: number, target: CelValue | undefined, args: CelValue[]): CelResult | undefined {
    if (!this.#inTime() || this.#isTooLarge(func.name, args)) {
      this.#exceeded = true
      return this.#cel.celError('too many steps', id)
    }
    const [left, right] = args
    const { isCelList } = this.#cel
    if (func.name === '_+_' && isCelList(left) && isCelList(right)) return this.#joined(left, right)
    return func.call(id, target, args)
  }

  #isTooLarge(name: string, args: readonly CelValue[]): boolean {
    if (name === '_+_') return args.reduce<number>((sum, one) => sum + lengthOf(one), 0) > MOST_ELEMENTS
    // These go into lists of lists, which may share their elements and be larger than they look.
    if (name !== '_==_' && name !== '_!=_' && name !== '@in') return false
    return args.some((one) => this.#weight(one, MOST_ELEMENTS) > MOST_ELEMENTS)
  }

  #weight(value: CelValue, most: number): number {
    let sum = 1
    const { isCelList, isCelMap } = this.#cel
    if (!isCelList(value) && !isCelMap(value)) return sum
    for (const one of value.values()) {
      sum += this.#weight(one, most - sum)
      if (sum > most) break
    }
    return sum
  }

  // CEL keeps the parts, one inside the other: a list that grew by a loop is read in quadratic time.
  #joined(left: CelList, right: CelList): CelList {
    const elements = [
      ...(this.#elements.get(left) ?? left.values()),
      ...(this.#elements.get(right) ?? right.values()),
    ]
    const list = this.#cel.celList(elements)
    this.#elements.set(list, elements)
    return list
  }

  // The time of this thread, so that a process that has to wait does not refuse honest questions; its clock costs more.
  #inTime(): boolean {
    if (!this.#exceeded && performance.now() > this.#lookAt) {
      this.#exceeded = usedMs() - this.#began > ROW_MS
      this.#lookAt = performance.now() + ROW_MS
    }
    return !this.#exceeded
  }
}

function lengthOf(value: CelValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  return value !== null && typeof value === 'object' && 'size' in value ? Number(value.size) : 0
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
