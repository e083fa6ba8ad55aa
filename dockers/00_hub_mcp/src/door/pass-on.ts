import type { ServerResponse } from 'node:http'
import type { Sanitised } from '@gatehouse/sanitizer'
import type { Answer, Sink } from '../upstream/exchange.ts'

/** Writes an answer's bytes as its server sent them: it sanitised them, and changing them would break what it signed. */
export function passOn(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return
  const type = String(headers['content-type'])
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body)
}

export interface StreamedTo extends Sink {
  readonly bytes: number
  /** As far as the last events tell. */
  readonly failed: boolean
  /** Ends the stream with a message of the hub's own. */
  end(message: Sanitised<Record<string, unknown>>): void
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // nginx would collect what is meant to arrive one by one.
  'x-accel-buffering': 'no',
}

/** Passes events on as they arrive; a client that reads slowly slows its server down and nobody else. */
export function passStream(response: ServerResponse, resume: () => void): StreamedTo {
  response.writeHead(200, STREAM_HEADERS)
  response.flushHeaders()
  const state = { bytes: 0, failed: false }
  return {
    get bytes() {
      return state.bytes
    },
    get failed() {
      return state.failed
    },
    write(chunk) {
      state.bytes += chunk.length
      state.failed = chunk.includes('"isError":true')
      if (response.write(chunk)) return true
      response.once('drain', resume)
      return false
    },
    end(message) {
      // After whatever half an event there is, a blank line begins anew.
      if (!response.destroyed) response.end(`\n\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
    },
  }
}
