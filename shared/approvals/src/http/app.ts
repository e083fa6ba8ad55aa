import { asGatehouseError, didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import express, { type Express, type Request, type Response } from 'express'
import { errorPage } from '../pages/error-page.ts'
import { adminRoutes } from './admin-api.ts'
import { adminPageRoutes } from './admin-routes.ts'
import { approvalRoutes } from './approvals-api.ts'
import { contextRoutes } from './contexts-api.ts'
import type { Door } from './door.ts'
import { eventRoutes } from './events-api.ts'
import { listRoutes } from './list-routes.ts'
import { localPath, loginRoutes } from './login-routes.ts'
import type { IncomingMessage, ServerResponse } from './message.ts'
import { correlationId, operationRoutes } from './operations-api.ts'
import { proposeRoutes } from './propose-routes.ts'
import { readerOf } from './reader.ts'
import { requestRoutes } from './request-routes.ts'
import { tokenRoutes } from './token-routes.ts'
import { seeOther, writePage } from './write.ts'

export interface App {
  run(request: IncomingMessage, response: ServerResponse): Promise<void>
  close(): void
}

/** REST and pages on express. What a route throws becomes a page for people, and is thrown on for programs. */
export function createApp(door: Door): App {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  const events = eventRoutes(app, door)
  approvalRoutes(app, door)
  operationRoutes(app, door)
  contextRoutes(app, door)
  adminRoutes(app, door)
  loginRoutes(app, door)
  listRoutes(app, door)
  requestRoutes(app, door)
  proposeRoutes(app, door)
  adminPageRoutes(app, door)
  tokenRoutes(app, door)
  app.use((request: Request) => {
    const near = nearest(request.path, ADDRESSES)
    throw new GatehouseError('NOT_FOUND', `There is no such address${didYouMean(near)}`, {
      hint: 'Pages begin at /, the API at /api/approvals/pending',
    })
  })
  return {
    async run(request, response) {
      try {
        await runApp(app, request, response)
      } catch (thrown) {
        if (response.headersSent || isForPrograms(request)) throw thrown
        await showError(door, request, response, thrown)
      }
    },
    close: events.close,
  }
}

const ADDRESSES = [
  '/api/approvals/pending',
  '/api/approvals',
  '/api/operations',
  '/api/audit',
  '/login',
  '/history',
]

function isForPrograms({ url = '/' }: IncomingMessage): boolean {
  return url.startsWith('/api/') || url.startsWith('/api?')
}

/** Runs the app for one request; rejects with what a handler threw. */
function runApp(app: Express, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  response.once('close', resolve)
  app(request as Request, response as Response, (error?: unknown) =>
    error ? reject(misread(error)) : resolve(),
  )
  return promise
}

// The router's own refusal of an address it cannot decode is the caller's mistake, not ours.
function misread(error: unknown): unknown {
  if (!(error instanceof URIError)) return error
  return new GatehouseError('INVALID_INPUT', 'The address is not validly encoded', { cause: error })
}

async function showError(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
): Promise<void> {
  const error = asGatehouseError(thrown)
  const { deps, who } = door
  if (error.code === 'INTERNAL')
    deps.log.error('page failed', { err: String((error.cause as Error)?.stack ?? error.cause) })
  if (error.http === 401) {
    // After a form there is nothing to go back to but the page it stood on.
    const page = request.method === 'GET' ? localPath(request.url) : '/'
    seeOther(response, page === '/' ? '/login' : `/login?next=${encodeURIComponent(page)}`)
    return
  }
  const session = await who.session(request).catch(() => undefined)
  const reader = session && (await readerOf(door, session).catch(() => undefined))
  const { text } = deps.sanitizer
  const words = { message: text(error.message), hint: text(error.hint), correlationId: text(correlationId()) }
  writePage(response, error.http, errorPage(reader, words), retryAfter(error))
}

// How long to wait, where that is known.
function retryAfter({ data }: GatehouseError): Record<string, string> {
  const { retryAfterSeconds } = data
  return typeof retryAfterSeconds === 'number' ? { 'retry-after': String(retryAfterSeconds) } : {}
}
