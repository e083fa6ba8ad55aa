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
      if (size > MAX_BODY) throw new GatehouseError('TOO_LARGE', 'The cluster answered more than 64 MB')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw cause instanceof GatehouseError ? cause : connectionError(context, cause)
  }
  return Buffer.concat(chunks)
}
