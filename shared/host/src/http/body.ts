import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'

const MAX_BODY_BYTES = 2 * 1024 * 1024

// A client that is still writing when the connection closes never sees why: what is too large is read to its end.
const MOST_DISCARDED_BYTES = 16 * 1024 * 1024

export interface BodyOptions {
  /** The most that is taken, in bytes. */
  most?: number
  /** Told of bytes before they are kept; what it throws ends the request once the client has sent the rest. */
  hold?: (bytes: number) => void
}

/** The whole body, or TOO_LARGE; CANCELLED when the client left before its end. */
export async function readBody(
  request: IncomingMessage,
  { most = MAX_BODY_BYTES, hold = () => {} }: BodyOptions = {},
): Promise<Buffer> {
  if (Number(request.headers['content-length']) > MOST_DISCARDED_BYTES) throw tooLarge(most)
  let chunks: Buffer[] = []
  let size = 0
  let refused: { why: unknown } | undefined
  const keep = (chunk: Buffer): void => {
    if (refused) return
    try {
      if (size > most) throw tooLarge(most)
      hold(chunk.length)
      chunks.push(chunk)
    } catch (why) {
      refused = { why }
      chunks = []
    }
  }
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      keep(chunk)
      if (size > MOST_DISCARDED_BYTES) break
    }
  } catch (cause) {
    throw new GatehouseError('CANCELLED', undefined, { cause })
  }
  if (refused) throw refused.why
  return Buffer.concat(chunks)
}

function tooLarge(most: number): GatehouseError {
  return new GatehouseError('TOO_LARGE', `The request body exceeds ${most / 1024 / 1024} MB`, {
    hint: 'Send less at once',
  })
}
