import { GatehouseError } from '@gatehouse/errors'
import type { Answer } from './exchange.ts'

/** What a failed exchange means to the caller; the connection's own error stays the cause. */
export function failureOf(error: unknown, id: string): GatehouseError {
  if (error instanceof GatehouseError) return error
  return new GatehouseError(
    'SERVER_UNAVAILABLE',
    `The server ${id} closed the connection or does not answer`,
    {
      cause: error,
    },
  )
}

/** Whether nothing of the request was answered, so that a read may be sent again. */
export function isConnectionLoss(error: unknown): boolean {
  return !(error instanceof GatehouseError)
}

/** Throws where an answer is none: a proxy's page, refused credentials, an internal error. */
export function checkAnswer(answer: Answer, id: string): void {
  const { status, headers } = answer
  if (answer.streamed) return
  if (status === 401 || status === 403) {
    throw misbehaved(
      id,
      `refused the hub (HTTP ${status})`,
      'Give it credentials: suite in hub.yaml, and hub and server the same MCP_TOKEN and HUB_KEY',
    )
  }
  if (status === 429 || status === 503) throw new GatehouseError('SERVER_BUSY')
  if (status >= 500 || status < 200 || (status >= 300 && status < 400)) {
    throw misbehaved(id, `answered HTTP ${status}`)
  }
  if (!String(headers['content-type'] ?? '').startsWith('application/json')) {
    throw misbehaved(id, 'answered with something that is not JSON')
  }
}

/** Whether it has a result or an error that can be looked into, and not both. */
export function isAnswer({ result, error }: Record<string, unknown>): boolean {
  return result === undefined ? isObject(error) : isObject(result) && error === undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The message of a JSON answer; throws where it is none. */
export function messageOf(answer: Answer, id: string): Record<string, unknown> {
  try {
    const message: unknown = JSON.parse(answer.body.toString())
    if (isObject(message) && isAnswer(message)) return message
  } catch {}
  throw misbehaved(id, 'answered with something that is no JSON-RPC message')
}

function misbehaved(id: string, how: string, hint?: string): GatehouseError {
  return new GatehouseError('SERVER_MISBEHAVED', `The server ${id} ${how}`, hint ? { hint } : {})
}
