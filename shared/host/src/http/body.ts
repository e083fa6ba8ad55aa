import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'

const MAX_BODY_BYTES = 2 * 1024 * 1024

// A client that is still writing when the connection closes never sees why: what is too large is read to its end.
const MOST_DISCARDED_BYTES = 16 * 1024 * 1024

/** The whole body, or TOO_LARGE; CANCELLED when the client left before its end. */
export async function readBody(request: IncomingMessage, most = MAX_BODY_BYTES): Promise<Buffer> {
  if (Number(request.headers['content-length']) > MOST_DISCARDED_BYTES) throw tooLarge(most)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MOST_DISCARDED_BYTES) break
      if (size <= most) chunks.push(chunk)
    }
  } catch (cause) {
    throw new GatehouseError('CANCELLED', undefined, { cause })
  }
  if (size > most) throw tooLarge(most)
  return Buffer.concat(chunks)
}

function tooLarge(most: number): GatehouseError {
  return new GatehouseError('TOO_LARGE', `The request body exceeds ${most / 1024 / 1024} MB`, {
    hint: 'Send less at once',
  })
}
