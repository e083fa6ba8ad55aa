import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { GatehouseError } from '@gatehouse/errors'
import { connectionError } from './api-error.ts'

const MAX_BODY = 64 * 1024 * 1024

/** A whole body. Throws TOO_LARGE above 64 MB, and CLUSTER_UNREACHABLE where it stops half-way. */
export async function readAll(
  body: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
  context: string,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.length
      if (size > MAX_BODY) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw cause instanceof GatehouseError ? cause : connectionError(context, cause)
  }
  return Buffer.concat(chunks)
}

interface Answer {
  body: AsyncIterable<Buffer>
  headers: Record<string, string | string[] | undefined>
}

/** A whole body as text, unpacked; what is above 64 MB only then is TOO_LARGE too. */
export async function readText(
  { body, headers }: Answer,
  signal: AbortSignal | undefined,
  context: string,
): Promise<string> {
  const bytes = await readAll(body, signal, context)
  if (headers['content-encoding'] !== 'gzip') return bytes.toString()
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: MAX_BODY })).toString()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw connectionError(context, cause)
  }
}

function tooLarge(): GatehouseError {
  return new GatehouseError('TOO_LARGE', 'The cluster answered more than 64 MB')
}
