import type { CelFunc, CelValue } from '@bufbuild/cel'

type Cel = typeof import('@bufbuild/cel')

const MOST_TURNS = 20_000
const MOST_CALLS = 50_000
const MOST_MS = 100
const MOST_ELEMENTS = 5_000

/** What one evaluation of a rule may cost. Every turn of a loop and every function asks here. */
export class Effort {
  readonly #cel: Cel
  #turns = 0
  #calls = 0
  #end = 0
  exceeded = false

  constructor(cel: Cel) {
    this.#cel = cel
  }

  begin(): void {
    this.#turns = 0
    this.#calls = 0
    this.exceeded = false
    this.#end = usedMs() + MOST_MS
  }

  /** Whether a loop may take another turn. */
  turn(): boolean {
    if (++this.#turns > MOST_TURNS || (this.#turns % 256 === 0 && usedMs() > this.#end)) this.exceeded = true
    return !this.exceeded
  }

  /** The functions of CEL as rules may call them. */
  functions(): CelFunc[] {
    return [...this.#cel.celEnv().funcs].map((func) => {
      const call = (id: number, target: CelValue | undefined, args: CelValue[]) => {
        if (!this.#mayCall(args)) return this.#cel.celError('too many steps', id)
        return func.call(id, target, args)
      }
      return Object.create(func, { call: { value: call } })
    })
  }

  #mayCall(args: readonly CelValue[]): boolean {
    const size = args.reduce<number>((sum, one) => sum + sizeOf(one), 0)
    this.#calls += 1 + size / 1_000
    const late = Math.floor(this.#calls) % 64 === 0 && usedMs() > this.#end
    if (this.#calls > MOST_CALLS || size > MOST_ELEMENTS * 10 || late) this.exceeded = true
    return !this.exceeded
  }
}

function sizeOf(value: CelValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  return value !== null && typeof value === 'object' && 'size' in value ? Number(value.size) : 0
}

// Of this thread: a machine that is busy with something else must not make honest rules deny.
function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
