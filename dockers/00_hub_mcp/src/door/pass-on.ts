import type { ServerResponse } from 'node:http'
import type { Sanitised } from '@gatehouse/sanitizer'
import { Events } from '../upstream/events.ts'
import type { Answer, Sink } from '../upstream/exchange.ts'
import { isAnswer } from '../upstream/failure.ts'
import { type Outcome, outcomeOfMessage } from './outcome.ts'

/** Writes an answer's bytes as its server sent them: it sanitised them, and changing them would break what it signed. */
export function passOn(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return
  const type = String(headers['content-type'])
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body)
}

export interface StreamedTo extends Sink {
  readonly bytes: number
  /** The server is done: how it answered; undefined where it did not, and the stream waits for `end`. */
  finish(): Outcome | undefined
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
export function passStream(response: ServerResponse, id: string | number, resume: () => void): StreamedTo {
  response.writeHead(200, STREAM_HEADERS)
  response.flushHeaders()
  let bytes = 0
  let outcome: Outcome | undefined
  const events = new Events((message) => {
    if (message.id === id && isAnswer(message)) outcome ??= outcomeOfMessage(message)
  })
  return {
    get bytes() {
      return bytes
    },
    write(chunk) {
      bytes += chunk.length
      events.take(chunk)
      if (response.write(chunk)) return true
      response.once('drain', resume)
      return false
    },
    finish() {
      events.end()
      // Whatever half an event there is, a blank line ends it.
      if (outcome) response.end('\n\n')
      return outcome
    },
    end(message) {
      if (!response.destroyed) response.end(`\n\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
    },
  }
}
