import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Metrics } from '@gatehouse/telemetry'
import { Discovery } from '../discovery/discovery.ts'
import { isBuiltIn } from '../table/built-in.ts'
import { maskedCells } from '../table/masked-cells.ts'
import type { Cell } from '../table/table.ts'
import { parseAnswer as parse, warningsOf } from './answer.ts'
import type { ExecAnswer, ExecCall } from './exec-socket.ts'
import { InFlight } from './in-flight.ts'
import { EXEC, MUTATE } from './mutate.ts'
import { nextLimit } from './page-size.ts'
import { TimeSlice } from './time-slice.ts'
import type { ApiCall, Transport } from './transport.ts'

/** Which cluster, namespace and identity a reply is about; part of every reply. */
export interface Target {
  context: string
  namespace: string
  identity: string
}

/** A Kubernetes object as the API server sends it, secrets already masked. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    generation?: number
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[]
    [field: string]: unknown
  }
  [field: string]: unknown
}

export interface ClusterOptions {
  context: string
  server: string
  identity: string
  namespace: string
  transport: Transport
  sanitizer: Sanitizer
  metrics: Metrics
}

export interface ReadOptions {
  query?: Record<string, string | undefined>
  signal?: AbortSignal | undefined
  accept?: string
}

/** One cluster as one identity: the only way reads reach an API server. Every object it returns is masked. */
export class Cluster {
  readonly context: string
  /** Host and port, without scheme or credentials. */
  readonly server: string
  readonly identity: string
  /** The namespace of the context. */
  readonly namespace: string
  readonly sanitizer: Sanitizer
  readonly discovery: Discovery
  readonly #transport: Transport
  readonly #metrics: Metrics
  readonly #inFlight = new InFlight()

  constructor(options: ClusterOptions) {
    this.context = options.context
    this.server = new URL(options.server).host
    this.identity = options.identity
    this.namespace = options.namespace
    this.sanitizer = options.sanitizer
    this.#transport = options.transport
    this.#metrics = options.metrics
    this.discovery = new Discovery(this)
  }

  target(namespace: string = this.namespace): Target {
    return { context: this.context, namespace, identity: this.identity }
  }

  /** A JSON document that is no Kubernetes object (discovery, Tables, OpenAPI). Identical reads share a request. */
  async json<T>(path: string, options: ReadOptions = {}): Promise<T> {
    const accept = options.accept ?? 'application/json'
    const key = `${accept} ${path}?${JSON.stringify(options.query ?? {})}`
    const read = async (signal: AbortSignal) =>
      parse<T>(await this.#transport.text({ path, ...pick(options), signal, headers: { accept } }))
    return this.#inFlight.share(key, options.signal, read, () => this.#metrics.coalesced())
  }

  /** One object, masked. */
  async object(path: string, options: ReadOptions = {}): Promise<KubeObject> {
    return this.sanitizer.maskObject(await this.json<KubeObject>(path, options)) as KubeObject
  }

  /** All objects of a list, page by page, masked; stops when `each` returns false. Nothing is kept. */
  async eachObject(
    path: string,
    options: ReadOptions,
    each: (object: KubeObject) => boolean | undefined,
  ): Promise<void> {
    const slice = new TimeSlice(options.signal)
    let next: string | undefined
    do {
      const query = { ...options.query, limit: '500', continue: next }
      const page: ObjectList = await this.json<ObjectList>(path, { ...options, query })
      for (const item of page.items ?? []) {
        if (slice.isOver) await slice.next()
        const whole = { ...kindOf(page), ...item }
        if (each(this.sanitizer.maskObject(whole) as KubeObject) === false) return
      }
      next = page.metadata?.continue || undefined
    } while (next)
  }

  /**
   * Pages of a Table with its objects, these masked: what the API server prints and the fields, of one moment. The
   * first page has `limit` objects, the ones behind it as many as their size allows.
   */
  async eachPage<Page extends TablePage>(
    path: string,
    options: ReadOptions,
    each: (page: Page) => Promise<boolean>,
  ): Promise<void> {
    const { resourceVersion, resourceVersionMatch, ...query } = options.query ?? {}
    const first = { ...query, resourceVersion, resourceVersionMatch }
    const slice = new TimeSlice(options.signal)
    const mask = (object: KubeObject) => this.sanitizer.maskObject(object) as KubeObject
    let { limit } = query
    let next: string | undefined
    do {
      // The cursor of the API server carries the version itself and refuses a second one.
      const page: Page = await this.json(path, {
        ...options,
        query: next ? { ...query, limit, continue: next } : first,
      })
      // Not in place: an identical read may share this answer.
      const rows = page.rows && (await slice.map(page.rows, (row) => this.#maskRow(row)))
      const items = page.items && (await slice.map(page.items, (item) => mask({ ...kindOf(page), ...item })))
      if (!(await each({ ...page, rows, items }))) return
      next = page.metadata?.continue || undefined
      limit = nextLimit(page)
      if (next) await slice.next()
    } while (next)
  }

  // Kinds that are not built in may print anything of an object, so what masking took out is taken out of cells too.
  #maskRow<Row extends TableRow>(row: Row): Row {
    if (!row.object) return row
    const object = this.sanitizer.maskObject(row.object) as KubeObject
    const { apiVersion } = row.object
    if (!row.cells || (apiVersion && isBuiltIn(apiVersion))) return { ...row, object }
    return { ...row, object, cells: maskedCells(row.cells, row.object, this.sanitizer.value(object)) }
  }

  /** `eachObject` as an array, for kinds that are few. */
  async objects(path: string, options: ReadOptions = {}): Promise<KubeObject[]> {
    const all: KubeObject[] = []
    await this.eachObject(path, options, (object) => {
      all.push(object)
      return true
    })
    return all
  }

  /** A dry run or a self-review: the only bodies a read may send. The guard refuses anything else. */
  async send<T>(call: ApiCall): Promise<T> {
    return parse<T>(await this.#transport.text(call))
  }

  /** `send`, with the warnings of the API server (deprecations, dropped fields). */
  async sendWithWarnings<T>(call: ApiCall): Promise<{ value: T; warnings: string[] }> {
    const headers = { ...call.headers, 'accept-encoding': 'identity' }
    const response = await this.#transport.open({ ...call, headers })
    return { value: parse<T>(await response.body.text()), warnings: warningsOf(response.headers.warning) }
  }

  /** What may change the cluster. For mutation.ts only. */
  async [MUTATE]<T>(call: ApiCall): Promise<T> {
    return parse<T>(await this.#transport[MUTATE](call))
  }

  /** A command in a container. For mutation.ts only. */
  async [EXEC](call: ExecCall): Promise<ExecAnswer> {
    return this.#transport[EXEC](call)
  }

  /** Fingerprint of the authority this connection trusts: with the uid of kube-system, which cluster this is. */
  async authority(): Promise<string> {
    return this.#transport.authority()
  }

  /** A streamed text body, such as a log. One that is followed counts against the bound of open streams. */
  async stream(path: string, options: ReadOptions = {}) {
    const stream = options.query?.follow === 'true'
    const response = await this.#transport.open({ path, ...pick(options), stream })
    return response.body
  }

  async text(path: string, options: ReadOptions = {}): Promise<string> {
    const headers = options.accept ? { headers: { accept: options.accept } } : {}
    return this.#transport.text({ path, ...pick(options), ...headers })
  }
}

interface TableRow {
  cells?: Cell[]
  object?: KubeObject
}

interface TablePage {
  apiVersion?: string
  kind?: string
  metadata?: { continue?: string }
  rows?: TableRow[] | undefined
  /** Of an API that knows no Tables. */
  items?: KubeObject[] | undefined
}

interface ObjectList {
  apiVersion?: string
  kind?: string
  metadata?: { continue?: string }
  /** Null in an empty list of metadata only. */
  items: KubeObject[] | null
}

// Items of a list carry neither kind nor apiVersion; masking goes by both.
function kindOf(list: { apiVersion?: string; kind?: string }) {
  return {
    ...(list.apiVersion && { apiVersion: list.apiVersion }),
    ...(list.kind && { kind: list.kind.replace(/List$/, '') }),
  }
}

function pick(options: ReadOptions) {
  return { signal: options.signal, ...(options.query && { query: options.query }) }
}
