import { GatehouseError } from '@gatehouse/errors'
import { guard, type Profile } from '@gatehouse/policy'
import type { Metrics } from '@gatehouse/telemetry'
import type { Dispatcher } from 'undici'
import type { Credentials, Login, Tls } from '../connection/credentials.ts'
import { apiError, connectionError } from './api-error.ts'
import { auditHeaders } from './audit-id.ts'
import type { ExecAnswer, ExecCall } from './exec-socket.ts'
import { fingerprint } from './fingerprint.ts'
import { EXEC, MUTATE } from './mutate.ts'
import { readAll, readText } from './read-all.ts'

export interface ApiCall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | undefined>
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal | undefined
  /** The answer stays open for long, and takes no connection from those that are short. */
  stream?: boolean
}

export interface TransportOptions {
  context: string
  server: string
  proxyUrl?: string | undefined
  login: Login
  profile: Profile
  metrics: Metrics
  /** Told every credential, so that the sanitizer knows it. */
  onSecrets: (secrets: string[]) => void
}

const CONNECT_TIMEOUT_MS = 3_000
const SILENCE_MS = 3_000
const PROBE_MS = 1_200
const MOST_STREAMS = 32
// The number of an attempt after which there is no other.
const ONLY = 3

/**
 * One pooled connection to one API server as one identity. Everything passes the guard here, whatever tool asked.
 * GETs are repeated after a broken keep-alive connection, a 429 with Retry-After, and once after a 401.
 */
export class Transport {
  readonly #options: TransportOptions
  readonly #origin: string
  readonly #prefix: string
  #pools: { short: Dispatcher; streams: Dispatcher } | undefined
  #streams = 0
  #tls: Tls | undefined
  #authorization: string | undefined

  constructor(options: TransportOptions) {
    this.#options = options
    const url = new URL(options.server)
    this.#origin = url.origin
    this.#prefix = url.pathname.replace(/\/$/, '')
  }

  /** The body of a 2xx answer as text. Errors are GatehouseErrors. */
  async text(call: ApiCall): Promise<string> {
    const response = await this.open(call)
    return readText(response, call.signal, this.#options.context)
  }

  /** Sends what may change the cluster, once: whatever happens, it is not repeated. For mutation.ts only. */
  async [MUTATE](call: ApiCall): Promise<string> {
    const response = await this.#open(call, true)
    return readText(response, call.signal, this.#options.context)
  }

  /** Runs a command in a container, once. For mutation.ts only. */
  async [EXEC](call: ExecCall): Promise<ExecAnswer> {
    const query = new URLSearchParams({ container: call.container, stdout: 'true', stderr: 'true' })
    for (const word of call.command) query.append('command', word)
    guard({ method: 'GET', path: call.path, query, body: undefined }, this.#options.profile, true)
    if (this.#options.proxyUrl) {
      throw new GatehouseError('INVALID_INPUT', 'context: commands cannot be run through its proxy')
    }
    const { runCommand } = await import('./exec-socket.ts')
    const credentials = await this.#options.login.credentials()
    const door = { context: this.#options.context, origin: this.#origin, credentials }
    return runCommand(door, `${this.#prefix}${call.path}?${query}`, call)
  }

  /** What this connection trusts, as a fingerprint; `system` where that is whatever this machine trusts. */
  async authority(): Promise<string> {
    const { tls } = await this.#options.login.credentials()
    if (!tls.rejectUnauthorized) return 'unverified'
    return tls.ca ? fingerprint(tls.ca) : 'system'
  }

  /** A 2xx answer whose body is still to be read. At most 32 streams at once, then RATE_LIMITED. */
  async open(call: ApiCall): Promise<Dispatcher.ResponseData> {
    if (!call.stream) return this.#open(call)
    if (this.#streams >= MOST_STREAMS) {
      throw new GatehouseError(
        'RATE_LIMITED',
        `${MOST_STREAMS} logs of this cluster are being followed already`,
      )
    }
    this.#streams++
    const done = () => this.#streams--
    try {
      const response = await this.#open(call)
      response.body.once('close', done)
      return response
    } catch (error) {
      done()
      throw error
    }
  }

  async #open(call: ApiCall, mayMutate = false): Promise<Dispatcher.ResponseData> {
    const query = new URLSearchParams()
    for (const [key, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) query.append(key, value)
    const request = { method: call.method ?? 'GET', path: call.path, query, body: call.body }
    guard(request, this.#options.profile, mayMutate)
    const search = query.size > 0 ? `?${query}` : ''
    for (let attempt = mayMutate ? ONLY : 1; ; attempt++) {
      const answer = await this.#attempt(call, `${this.#prefix}${call.path}${search}`, attempt)
      if (answer) return answer
    }
  }

  async close(): Promise<void> {
    const open = this.#pools
    // A call that outlives a changed kubeconfig may still ask; it gets a pool of its own.
    this.#pools = undefined
    await Promise.all([open?.short.close(), open?.streams.close()])
  }

  async #attempt(call: ApiCall, path: string, attempt: number): Promise<Dispatcher.ResponseData | undefined> {
    const started = performance.now()
    const credentials = await this.#options.login.credentials()
    const response = await this.#send(call, path, credentials, attempt)
    if (!response) return undefined
    const seconds = (performance.now() - started) / 1000
    this.#options.metrics.apiRequest(call.method ?? 'GET', String(response.statusCode), seconds)
    if (response.statusCode < 300) return response
    const body = (await readAll(response.body, call.signal, this.#options.context)).toString()
    if (response.statusCode === 401 && attempt === 1 && this.#options.login.renewable) {
      this.#options.login.renew()
      return undefined
    }
    const wait = Number(response.headers['retry-after'])
    if (response.statusCode === 429 && (call.method ?? 'GET') === 'GET' && attempt < 3 && wait <= 5) {
      await pause(Math.max(wait, 0.05) * 1000, call.signal)
      return undefined
    }
    throw apiError(response.statusCode, body)
  }

  // Undefined means: a kept-alive connection broke before an answer; ask once more.
  async #send(call: ApiCall, path: string, credentials: Credentials, attempt: number) {
    const silence = new AbortController()
    const timer = setTimeout(() => void this.#abortIfDead(silence, credentials), SILENCE_MS)
    try {
      const pools = await this.#poolsFor(credentials)
      return await pools[call.stream ? 'streams' : 'short'].request({
        origin: this.#origin,
        path,
        method: call.method ?? 'GET',
        headers: {
          accept: 'application/json',
          ...(isLoopback(this.#origin) ? {} : { 'accept-encoding': 'gzip' }),
          ...credentials.headers,
          ...auditHeaders(),
          ...call.headers,
        },
        body: call.body ?? null,
        signal: call.signal ? AbortSignal.any([call.signal, silence.signal]) : silence.signal,
      })
    } catch (cause) {
      if (call.signal?.aborted) throw call.signal.reason
      const code = (cause as NodeJS.ErrnoException).code
      const broken = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
      if (broken && attempt === 1 && (call.method ?? 'GET') === 'GET') return undefined
      throw cause instanceof GatehouseError ? cause : connectionError(this.#options.context, cause)
    } finally {
      clearTimeout(timer)
    }
  }

  // A slow answer and a hung server look alike: ask for its health before giving up on it.
  async #abortIfDead(silence: AbortController, credentials: Credentials): Promise<void> {
    try {
      const { short } = await this.#poolsFor(credentials)
      const probe = await short.request({
        origin: this.#origin,
        path: `${this.#prefix}/livez`,
        method: 'GET',
        headers: credentials.headers,
        signal: AbortSignal.timeout(PROBE_MS),
      })
      await probe.body.dump()
    } catch {
      silence.abort(connectionError(this.#options.context, { code: 'UND_ERR_HEADERS_TIMEOUT' }))
    }
  }

  async #poolsFor(credentials: Credentials) {
    if (this.#authorization !== credentials.authorization) {
      this.#authorization = credentials.authorization
      this.#options.onSecrets(this.#options.login.secrets(credentials))
    }
    if (this.#pools && this.#tls === credentials.tls) return this.#pools
    // 65 ms to load, which a start without a call to a cluster does not pay.
    const { Agent, ProxyAgent } = await import('undici')
    // Another request may have made the pool meanwhile.
    if (this.#pools && this.#tls === credentials.tls) return this.#pools
    // Measured: a pool of HTTP/1.1 connections beats one of HTTP/2, by a third where ten lists are read at once.
    const connect = { allowH2: false, timeout: CONNECT_TIMEOUT_MS, ...credentials.tls }
    const common = { headersTimeout: 60_000, bodyTimeout: 60_000, keepAliveTimeout: 30_000 }
    void this.#pools?.short.close()
    void this.#pools?.streams.close()
    this.#tls = credentials.tls
    const pool = (connections: number): Dispatcher =>
      this.#options.proxyUrl
        ? new ProxyAgent({ ...common, connections, uri: this.#options.proxyUrl, requestTls: connect })
        : new Agent({ ...common, connections, connect })
    this.#pools = { short: pool(64), streams: pool(MOST_STREAMS) }
    return this.#pools
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise.finally(() => clearTimeout(timer))
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(127\.|localhost|\[::1\])/.test(origin)
}
