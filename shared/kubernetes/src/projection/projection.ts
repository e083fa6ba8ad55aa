import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Resource } from '../discovery/discovery.ts'
import type { Column } from '../table/table.ts'
import { columnReader, knownColumns, type Read } from './column.ts'
import { derived, neverPrinted } from './derived.ts'
import { isPath } from './field-path.ts'
import { isTime } from './magnitude.ts'
import { pick } from './pick.ts'
import { parseSort, type SortKey } from './sort.ts'
import type { Source, Values } from './value.ts'
import { type Bindings, columnToCel, OBJECT_NAMES, toCel, Where } from './where.ts'

/** What is asked of the rows of a list. */
export interface Question {
  columns?: readonly string[] | undefined
  /** CEL over a row. */
  where?: string | undefined
  groupBy?: readonly string[] | undefined
  /** `-restarts,name`. */
  sort?: string | undefined
  top?: number | undefined
}

/** A question, parsed before any request is sent and bound once the columns of the kind are known. */
export class Projection {
  readonly columns: readonly string[]
  readonly groupBy: readonly string[]
  readonly sort: readonly SortKey[]
  readonly where: Where | undefined
  /** Columns that print a time span. */
  readonly times = new Set<string>()
  readonly #readers = new Map<string, Read>()
  readonly #unseen = new Set<string>()
  #known: ReadonlySet<string> = new Set()

  private constructor(question: Question, where: Where | undefined) {
    this.groupBy = question.groupBy ?? []
    this.columns = this.groupBy.length > 0 ? [] : (question.columns ?? [])
    this.sort = question.sort ? parseSort(question.sort) : []
    this.where = where
    if (this.groupBy.includes('count')) {
      throw new GatehouseError('INVALID_INPUT', 'groupBy: count is what each group is given')
    }
    for (const { name } of this.groupBy.length > 0 ? this.sort : []) {
      if (name === 'count' || this.groupBy.includes(name)) continue
      throw new GatehouseError('INVALID_INPUT', `sort: "${name.slice(0, 60)}" is not part of the groups`, {
        hint: `Sort groups by count or by ${this.groupBy.join(', ')}`,
      })
    }
  }

  static async of(question: Question): Promise<Projection> {
    return new Projection(question, question.where ? await Where.parse(question.where) : undefined)
  }

  /** Whether values are looked into, not only shown: then nothing secret may be in them before. */
  get judges(): boolean {
    return this.where !== undefined || this.sort.length > 0 || this.groupBy.length > 0
  }

  /** Whether only objects can answer, whatever the kind prints. */
  needsObjects(resource: Resource): boolean {
    // Workloads print their images, pods do not.
    const asks = (name: string) =>
      isPath(name) || neverPrinted.has(name) || (name === 'images' && resource.kind === 'Pod')
    return (this.where?.roots.length ?? 0) > 0 || this.#names().some(asks)
  }

  /** Whether this kind's printed columns leave something to the object that its name did not tell. */
  needsObjectsBeside(columns: readonly Column[]): boolean {
    const printed = new Set(columns.map((column) => column.key))
    return this.#names().some((name) => !printed.has(name) && Object.hasOwn(derived, name))
  }

  /** Whether rows must say which namespace they are in. */
  get needsNamespace(): boolean {
    if (this.groupBy.length === 0) return true
    return this.#names().includes('namespace')
  }

  /** Fixes what each name means for a kind with these columns. Throws INVALID_INPUT for unknown names. */
  bind(columns: readonly Column[], namespaced: boolean): void {
    const printed = new Set(columns.map((column) => column.key))
    if (namespaced) printed.add('namespace')
    this.#known = knownColumns(printed)
    for (const column of columns) if (isTime(column)) this.times.add(column.key)
    this.where?.bind(this.#known, this.times)
    const use = (parameter: string, names: readonly string[]) => {
      for (const name of names) this.#readers.set(name, columnReader(name, printed, parameter))
    }
    use('columns', this.columns)
    use('groupBy', this.groupBy)
    use('sort', this.#sortNames())
    use('where', this.where?.columns ?? [])
    for (const root of this.where?.roots ?? []) if (!OBJECT_NAMES.has(root)) this.#unseen.add(root)
  }

  /** The asked values of a row, or undefined where it does not match. */
  values(source: Source): Values | undefined {
    const read: Values = {}
    for (const [name, reader] of this.#readers) read[name] = reader(source)
    const values = this.judges ? source.clean(read) : read
    return this.where && !this.where.matches(this.#bindings(source, values)) ? undefined : values
  }

  /** After all rows: `pod.name` is a slip where no object has a field `pod`, not a condition that is never true. */
  checkFields(rows: number): void {
    const [name] = this.#unseen
    if (rows === 0 || name === undefined || !this.where?.failed) return
    const near = nearest(name, this.#known)
    throw new GatehouseError(
      'INVALID_INPUT',
      `where: there is no column or field "${name.slice(0, 60)}"${didYouMean(near)}`,
      { data: { nearest: near } },
    )
  }

  #names(): string[] {
    return [...this.columns, ...this.groupBy, ...this.#sortNames(), ...(this.where?.columns ?? [])]
  }

  // Groups are sorted by what they show.
  #sortNames(): string[] {
    return this.groupBy.length > 0 ? [] : this.sort.map((key) => key.name)
  }

  #bindings({ object, clean }: Source, values: Values): Bindings {
    const bindings: Bindings = {}
    if (!this.where) return bindings
    const { cut } = this.where
    for (const name of this.where.columns)
      bindings[name] = columnToCel(values[name], this.times.has(name), cut)
    if (!object || this.where.roots.length === 0) return bindings
    for (const root of this.#unseen) if (root in object) this.#unseen.delete(root)
    // Only what the expression reads is cleaned and converted: a pod is some kilobytes.
    const part = clean(pick(object, this.where.paths))
    const { metadata, spec } = part
    bindings.object = toCel(part, cut)
    if (spec !== undefined) bindings.spec = toCel(spec, cut)
    if (metadata) {
      bindings.metadata = toCel(metadata, cut)
      bindings.labels = toCel(metadata.labels ?? {}, cut)
      bindings.annotations = toCel(metadata.annotations ?? {}, cut)
    }
    return bindings
  }
}
