import { GatehouseError } from '@gatehouse/errors'
import type { Dispatcher, Pool } from 'undici'

export interface Outgoing {
  method?: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
  /** From now to the last byte. */
  timeoutMs: number
  maxReplyBytes: number
  /** Anything but an event stream ends it at once. */
  streamOnly?: boolean
}

export type Incoming = Record<string, string | string[] | undefined>

/** Where the events of a streamed answer go as they arrive. */
export interface Sink {
  /** False asks for a pause; `resume` ends it. */
  write(chunk: Buffer): boolean
}

export interface Answer {
  status: number
  headers: Incoming
  /** Empty where the answer was streamed. */
  body: Buffer
  streamed: boolean
  bytes: number
}

export interface Exchange {
  done: Promise<Answer>
  /** Closes the connection: a server of revision 2026-07-28 takes that as cancellation. */
  abort(error: GatehouseError): void
  resume(): void
  /** Whether something of an answer has arrived. */
  begun(): boolean
}

/**
 * One HTTP request over the pool. Undici's dispatch instead of its request(): no streams in between, which is most of
 * what a hop would cost. `stream` is asked once for an event stream; everything else is collected up to its limit.
 * `done` rejects with a GatehouseError, or with what the connection failed with.
 */
export function exchange(pool: Pool, outgoing: Outgoing, stream: (headers: Incoming) => Sink): Exchange {
  const { promise: done, resolve, reject } = Promise.withResolvers<Answer>()
  let controller: Dispatcher.DispatchController | undefined
  let over: Error | undefined
  let sink: Sink | undefined
  const chunks: Buffer[] = []
  const answer = { status: 0, headers: {} as Incoming, bytes: 0 }
  const abort = (error: GatehouseError): void => {
    over ??= error
    clearTimeout(timer)
    controller?.abort(error)
    reject(error)
  }
  const timer = setTimeout(() => abort(new GatehouseError('TIMEOUT')), outgoing.timeoutMs)
  pool.dispatch(
    {
      method: outgoing.method ?? 'POST',
      path: outgoing.path,
      headers: outgoing.headers,
      ...(outgoing.body !== undefined && { body: outgoing.body }),
      // The timer above is the one that counts.
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    {
      onRequestStart(started) {
        controller = started
        if (over) started.abort(over)
      },
      onResponseStart(started, status, headers) {
        Object.assign(answer, { status, headers })
        const streams = status === 200 && isEventStream(headers)
        if (Number(headers['content-length']) > outgoing.maxReplyBytes) started.abort(tooMuch())
        else if (streams) sink = stream(headers)
        else if (outgoing.streamOnly)
          started.abort(new GatehouseError('SERVER_MISBEHAVED', 'It is no stream'))
      },
      onResponseData(started, chunk) {
        answer.bytes += chunk.length
        if (answer.bytes > outgoing.maxReplyBytes) started.abort(tooMuch())
        else if (!sink) chunks.push(chunk)
        else if (!sink.write(chunk)) started.pause()
      },
      onResponseEnd() {
        clearTimeout(timer)
        const [only = Buffer.alloc(0), ...more] = chunks
        const body = more.length === 0 ? only : Buffer.concat(chunks)
        resolve({ ...answer, body, streamed: sink !== undefined })
      },
      onResponseError(_started, error) {
        clearTimeout(timer)
        reject(over ?? error)
      },
    },
  )
  return { done, abort, resume: () => controller?.resume(), begun: () => answer.status > 0 }
}

function isEventStream(headers: Incoming): boolean {
  return String(headers['content-type'] ?? '').startsWith('text/event-stream')
}

function tooMuch(): GatehouseError {
  return new GatehouseError('SERVER_MISBEHAVED', 'The answer of this server is larger than its limit', {
    hint: 'Ask for less at once; maxReplyBytes in hub.yaml is the limit',
  })
}
