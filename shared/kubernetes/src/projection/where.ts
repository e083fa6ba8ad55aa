import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { Effort, LONGEST_TEXT } from './effort.ts'
import {
  becomeNumber,
  countTurns,
  type Expression,
  loopDepth,
  readFromObject,
  type Variable,
  variablesOf,
  walk,
} from './expression.ts'
import { secondsOf } from './magnitude.ts'
import type { Value } from './value.ts'
import { parseWhere } from './where-parse.ts'

/** Names that stand for a part of the object whatever the kind prints. */
export const OBJECT_NAMES: ReadonlySet<string> = new Set([
  'object',
  'metadata',
  'spec',
  'labels',
  'annotations',
])
const PLACES: Record<string, string[]> = {
  object: [],
  labels: ['metadata', 'labels'],
  annotations: ['metadata', 'annotations'],
}
const COMPARISONS = new Set(['_<_', '_<=_', '_>_', '_>=_', '_==_', '_!=_'])
const TICK = '@tick'
const DEEPEST_LOOP = 3

type Cel = typeof import('@bufbuild/cel')
/** Variables of one row as CEL takes them. */
export type Bindings = Record<string, unknown>

/** Whether a text was so long that the expression has seen only its beginning. */
export interface Cut {
  happened: boolean
}

/** A condition over rows, parsed before any request is sent. */
export class Where {
  /** Columns it needs, in the order they are written. */
  readonly columns: readonly string[]
  /** Names that stand for the object or a part: `spec`, `status` where it is dotted, `labels`, `object`. */
  readonly roots: readonly string[]
  /** What it reads of the object, as paths of keys; an empty path is all of it. */
  readonly paths: readonly (readonly string[])[]
  /** Rows it could not be evaluated for, and the first reason. */
  failed = 0
  reason = ''
  readonly cut: Cut = { happened: false }
  readonly #cel: Cel
  readonly #root: Expression
  readonly #variables: Variable[]
  readonly #position: (node: Expression) => string
  readonly #effort: Effort
  #run: ((row: Bindings) => unknown) | undefined

  private constructor(cel: Cel, text: string) {
    this.#cel = cel
    this.#effort = new Effort(cel)
    const parsed = parseWhere(cel, text)
    this.#root = parsed.expr
    this.#position = (node) => `position ${(parsed.sourceInfo?.positions[String(node.id)] ?? 0) + 1}`
    if (loopDepth(this.#root) > DEEPEST_LOOP) {
      throw new GatehouseError(
        'INVALID_INPUT',
        `where: at most ${DEEPEST_LOOP} loops may stand in one another`,
      )
    }
    this.#variables = variablesOf(this.#root)
    this.columns = namesOf(this.#variables.filter((one) => !isRoot(one)))
    const roots = this.#variables.filter(isRoot)
    this.roots = namesOf(roots)
    this.paths = roots.map(({ name, fields }) => [...(PLACES[name] ?? [name]), ...fields])
  }

  /** CEL costs 100 ms to load, so only who asks with `where` pays for it. */
  static async parse(text: string): Promise<Where> {
    return new Where(await import('@bufbuild/cel'), text)
  }

  /** Fixes what the names mean once the columns are known; `times` are the columns that print a time span. */
  bind(known: ReadonlySet<string>, times: ReadonlySet<string>): void {
    for (const variable of this.#variables) {
      if (!isRoot(variable) && !known.has(variable.name)) throw this.#unknown(variable, known)
    }
    this.#spellTimes(times)
    for (const variable of this.#variables) {
      if (isRoot(variable) && !OBJECT_NAMES.has(variable.name)) readFromObject(variable.node, variable.name)
    }
    countTurns(this.#root, TICK)
    const { celEnv, celFunc, CelScalar, plan } = this.#cel
    const tick = celFunc(TICK, [], CelScalar.BOOL, () => this.#effort.turn())
    this.#run = plan(celEnv({ funcs: [tick, ...this.#effort.functions()] }), this.#root) as (
      row: Bindings,
    ) => unknown
  }

  /** Whether a row matches. One that it cannot be evaluated for does not, and is counted. */
  matches(row: Bindings): boolean {
    const result = this.#effort.row(() => this.#run?.(row))
    if (typeof result === 'boolean') return result
    if (!this.#cel.isCelError(result)) {
      throw new GatehouseError('INVALID_INPUT', 'where: the expression must be true or false for a row', {
        hint: "Compare something, for example restarts > 5 && status != 'Running'",
      })
    }
    this.failed++
    this.reason ||= result.message.slice(0, 120)
    return false
  }

  // `age > '3d4h'` would compare text; both sides become seconds.
  #spellTimes(times: ReadonlySet<string>): void {
    const isTime = (node: Expression | undefined) =>
      this.#variables.some((one) => one.node === node && !one.dotted && times.has(one.name))
    walk(this.#root, (node) => {
      const kind = node.exprKind
      if (kind.case !== 'callExpr' || !COMPARISONS.has(kind.value.function)) return
      const [left, right] = kind.value.args
      const other = isTime(left) ? right : isTime(right) ? left : undefined
      if (!other) return
      const text = writtenText(other)
      if (text === undefined) return
      const seconds = secondsOf(text)
      if (seconds === undefined) {
        const message = `where: "${text.slice(0, 40)}" is no time span (${this.#position(other)})`
        throw new GatehouseError('INVALID_INPUT', message, { hint: "Write for example age > '3d4h'" })
      }
      becomeNumber(other, seconds)
    })
  }

  #unknown(variable: Variable, known: ReadonlySet<string>): GatehouseError {
    const near = nearest(variable.name, known)
    const names = [...known].sort()
    return new GatehouseError(
      'INVALID_INPUT',
      `where: there is no column "${variable.name.slice(0, 60)}" (${this.#position(variable.node)})${didYouMean(near)}`,
      {
        hint: `Columns: ${names.join(', ')}; fields: spec.…, status.…, metadata.…, labels['…'], object.…`,
        data: { nearest: near },
      },
    )
  }
}

/** What CEL is given for a value: whole numbers as int, so that they add up with the literals people write. */
export function toCel(value: unknown, cut: Cut): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'string' && value.length > LONGEST_TEXT) {
    cut.happened = true
    return value.slice(0, LONGEST_TEXT)
  }
  if (Array.isArray(value)) return value.map((one) => toCel(one, cut))
  if (value === null || typeof value !== 'object') return value
  return new Map(Object.entries(value).map(([key, one]) => [key, toCel(one, cut)]))
}

/** A column as CEL is given it. */
export function columnToCel(value: Value | undefined, time: boolean, cut: Cut): unknown {
  if (time && typeof value === 'string') return toCel(secondsOf(value) ?? value, cut)
  return toCel(value ?? null, cut)
}

// `status` alone is the printed column, `status.phase` the object's; a list such as images stays one when indexed.
function isRoot({ name, dotted }: Variable): boolean {
  return OBJECT_NAMES.has(name) || (dotted && name !== 'images')
}

function namesOf(variables: readonly Variable[]): string[] {
  return [...new Set(variables.map((one) => one.name))]
}

// A text literal, bare or in duration('…').
function writtenText(node: Expression): string | undefined {
  const kind = node.exprKind
  if (kind.case === 'callExpr' && kind.value.function === 'duration') {
    const [only] = kind.value.args
    return only && writtenText(only)
  }
  if (kind.case !== 'constExpr' || kind.value.constantKind.case !== 'stringValue') return undefined
  return kind.value.constantKind.value
}
