import type { IncomingMessage } from 'node:http'
import { GatehouseError } from '@gatehouse/errors'

export const MAX_BODY_BYTES = 2 * 1024 * 1024

/** The whole body, or TOO_LARGE as soon as it is known to be. */
export async function readBody(request: IncomingMessage, most = MAX_BODY_BYTES): Promise<Buffer> {
  if (Number(request.headers['content-length']) > most) throw tooLarge(most)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw tooLarge(most)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(most: number): GatehouseError {
  return new GatehouseError('TOO_LARGE', `The request body exceeds ${most / 1024 / 1024} MB`, {
    hint: 'Send less at once',
  })
}
