import { GatehouseError } from '@gatehouse/errors'
import { resolveCorrelation } from '@gatehouse/telemetry'
import { META, REVISION } from './ask.ts'
import { exchange } from './exchange.ts'
import { outgoingHeaders } from './headers.ts'
import type { ServerLink } from './server-link.ts'

const KINDS = { tools: 'toolsListChanged', prompts: 'promptsListChanged', resources: 'resourcesListChanged' }
// A stream is never over by itself; the watcher notices when its server is gone.
const FOR_EVER_MS = 2 ** 31 - 1

export interface Subscription {
  /** Whether there was a stream at all. */
  ended: Promise<boolean>
  stop(): void
}

/** Lets a server tell when its lists change; undefined where it has said that it would not. */
export function listenTo(link: ServerLink, onChange: () => void): Subscription | undefined {
  const capabilities = link.listing?.capabilities as Record<string, { listChanged?: boolean }> | undefined
  const kinds = Object.entries(KINDS).filter(([name]) => capabilities?.[name]?.listChanged === true)
  if (kinds.length === 0) return undefined
  const notifications = Object.fromEntries(kinds.map(([, kind]) => [kind, true]))
  const method = 'subscriptions/listen'
  const given = {
    accept: 'text/event-stream, application/json',
    'mcp-protocol-version': REVISION,
    'mcp-method': method,
  }
  const correlation = resolveCorrelation({})
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { notifications, _meta: META } })
  let streamed = false
  const { done, abort } = exchange(
    link.pool,
    {
      path: link.path,
      headers: outgoingHeaders(given, link.credentials, {
        caller: 'hub',
        correlation,
        deadlineMs: FOR_EVER_MS,
        server: link.id,
        body,
      }),
      body,
      timeoutMs: FOR_EVER_MS,
      // Events are looked at and forgotten; anything else would be collected for ever.
      maxReplyBytes: Number.POSITIVE_INFINITY,
      streamOnly: true,
    },
    () => {
      streamed = true
      return {
        write: (chunk) => {
          if (chunk.includes('/list_changed')) onChange()
          return true
        },
      }
    },
  )
  const ended = done.then(
    () => streamed,
    () => streamed,
  )
  return { ended, stop: () => abort(new GatehouseError('STOPPING')) }
}
