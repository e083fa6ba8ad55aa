import { openAsBlob } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The proxy answers, and does not have this. */
export class NotThere extends Error {}

export interface Ask {
  /** One address out of GOPROXY. */
  address: string
  path: string
  /** Milliseconds for the whole answer. */
  limit: number
  signal?: AbortSignal | undefined
}

export async function askProxy({ address, path, limit, signal }: Ask): Promise<Response> {
  if (address === 'off') throw new Error('GOPROXY is "off": nothing may be downloaded')
  if (address === 'direct') {
    // Go would clone the repository, a gigabyte; whoever wants that has Go, and then its module cache.
    throw new Error(
      'GOPROXY leaves only "direct", which is not done here: name a proxy, or run "go mod download"',
    )
  }
  const url = addressOf(address, path)
  const { host, username, password } = url
  const where = host || url.href
  if (url.protocol === 'file:') return fromFile(url)
  // Neither fetch nor a message may see credentials in an address.
  url.username = url.password = ''
  const headers = username && {
    authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
  }
  const within = AbortSignal.any([AbortSignal.timeout(limit), ...(signal ? [signal] : [])])
  const answer = await fetch(url, { signal: within, ...(headers && { headers }) }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new Error(`${where} cannot be reached: ${reasonOf(error)}`, { cause: error })
  })
  if (answer.ok) return answer
  await answer.body?.cancel()
  // Go's protocol: these two, and no others, say that the module is not there.
  if (answer.status === 404 || answer.status === 410) throw new NotThere(`${where} does not have ${path}`)
  throw new Error(`${where} answered ${answer.status}`)
}

function addressOf(address: string, path: string): URL {
  const url = URL.parse(`${address.replace(/\/+$/, '')}/${path}`)
  if (url && ['https:', 'http:', 'file:'].includes(url.protocol)) return url
  throw new Error('GOPROXY has an entry that is not an http, https or file address, "direct" or "off"')
}

// A module cache served as a proxy, as Go allows it: GOPROXY=file:///…/pkg/mod/cache/download.
async function fromFile(url: URL): Promise<Response> {
  try {
    const blob = await openAsBlob(fileURLToPath(url))
    return new Response(blob, { headers: { 'content-length': String(blob.size) } })
  } catch {
    throw new NotThere(`${url.pathname} is not there`)
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
