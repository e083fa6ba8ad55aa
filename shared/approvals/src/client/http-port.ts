import { catalogue, type ErrorCode, GatehouseError } from '@gatehouse/errors'
import type { ApprovalsPort, Outcome, Pending, PortContext } from '@gatehouse/tools'

export interface HttpPortOptions {
  /** APPROVAL_URL, without a trailing slash. */
  url: string
  /** A token of scope `propose` and `read`; without one only an owner on this machine that wants none answers. */
  token: string | undefined
}

const PATIENCE_MS = 25_000
const MOST_BYTES = 2 * 1024 * 1024

/** The approvals of another process, over its REST API. Throws APPROVAL_UNAVAILABLE when nobody answers there. */
export function httpPort({ url, token }: HttpPortOptions): ApprovalsPort {
  const ask = async <T>(path: string, context: PortContext, extraMs = 0, body?: object): Promise<T> => {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS + extraMs)])
    let response: Response
    try {
      response = await fetch(`${url}${path}`, {
        method: body ? 'POST' : 'GET',
        redirect: 'error',
        signal,
        headers: {
          accept: 'application/json',
          'x-correlation-id': context.correlationId,
          ...(body && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      if (context.signal.aborted) throw context.signal.reason
      throw unavailable(url, cause)
    }
    return answerOf<T>(response, url)
  }
  return {
    submit: ({ operations, claim }, context) =>
      ask<Pending>('/api/operations', context, 0, {
        operations,
        claim,
        tool: context.tool,
        caller: context.caller,
      }),
    outcome: ({ requestId, seconds = 0 }, context) =>
      ask<Outcome>(
        `/api/operations/${encodeURIComponent(requestId)}?wait=${seconds}`,
        context,
        seconds * 1000,
      ),
    list: ({ state, limit, continue: cursor }, context) => {
      const query = new URLSearchParams()
      if (state) query.set('state', state)
      if (limit) query.set('limit', String(limit))
      if (cursor) query.set('cursor', cursor)
      return ask(`/api/operations?${query}`, context)
    },
    defaultContext: async (server, signal) => {
      const context = { caller: server, correlationId: 'none', signal }
      const answer = await ask<{ context: string | null }>(`/api/contexts/${server}`, context)
      return answer.context ?? undefined
    },
  }
}

async function answerOf<T>(response: Response, url: string): Promise<T> {
  const text = await response.text()
  if (text.length > MOST_BYTES) throw unavailable(url, new Error('answer too large'))
  const body = parse(text)
  if (response.ok && body) return body as T
  const {
    code,
    message,
    hint,
    correlation_id: _id,
    type: _type,
    title: _title,
    status: _status,
    ...data
  } = body ?? {}
  if (typeof code === 'string' && Object.hasOwn(catalogue, code)) {
    throw new GatehouseError(code as ErrorCode, typeof message === 'string' ? message : undefined, {
      ...(typeof hint === 'string' && { hint }),
      // What it quotes may come from a cluster.
      quotesCluster: true,
      data,
    })
  }
  throw unavailable(url, new Error(`status ${response.status}`))
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function unavailable(url: string, cause: unknown): GatehouseError {
  return new GatehouseError('APPROVAL_UNAVAILABLE', `The approval server does not answer at ${url}`, {
    cause,
    hint: 'Start 09_remediation_mcp (npm start and npm run up do), or set APPROVAL_URL; nothing was changed',
  })
}
