import type { IncomingMessage, ServerResponse } from 'node:http'
import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Sanitised } from '@gatehouse/sanitizer'
import type { RestDoor, RestReply, RestRequest } from '@gatehouse/tools'
import express, { type Express, type Request, type Response } from 'express'
import { readBody } from './body.ts'
import { answerAsset, answerRoute, type Site } from './site.ts'
import { writeJson } from './write.ts'

export interface RestAppOptions {
  door: RestDoor
  /** Who calls, or a GatehouseError. */
  caller: (request: IncomingMessage) => string
  /** JSON documents that need no token, by path. */
  documents: Record<string, () => Sanitised<unknown> | Promise<Sanitised<unknown>>>
  /** Pages that need no token. */
  site?: Site | undefined
}

type Handler = (request: Request, response: Response) => Promise<void>

/** The REST door on express: tools by name, the routes their files name, and open documents. */
export function createRestApp(options: RestAppOptions): Express {
  const { door, caller } = options
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  for (const [path, document] of Object.entries(options.documents)) {
    app.get(path, async (_request, response) => {
      writeJson(response, 200, await document())
    })
  }
  for (const route of options.site?.routes ?? []) {
    app.get(route.path, (request, response) =>
      answerRoute(route, request, response, request.params as Record<string, string>, signalOf(response)),
    )
  }
  if (options.site) app.get('/assets/:file', (request, response) => answerAsset(request.path, response))
  type Answer = (request: Request, input: RestRequest) => Promise<RestReply>
  const answering =
    (reply: Answer, textBody?: string, inPath = true): Handler =>
    async (request, response) => {
      const known = caller(request)
      const body = request.method === 'POST' ? await readBody(request) : Buffer.alloc(0)
      const given = request.method === 'POST' ? bodyOf(request, body, textBody) : undefined
      const input = !given
        ? { ...request.query, ...request.params }
        : inPath
          ? withPath(given, request.params)
          : given
      const { headers } = request
      const signal = signalOf(response)
      const requestBytes = body.length
      const answer = await reply(request, { input, headers, signal, caller: known, requestBytes })
      writeJson(response, answer.status, answer.body, answer.headers)
    }
  app.post(
    '/tools/:name',
    answering((request, input) => door.callByName(String(request.params.name), input), undefined, false),
  )
  for (const { method, path, tool, textBody } of door.routes) {
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1')
    const handler = answering((_request, input) => door.callRoute(tool, input), textBody)
    if (method === 'GET') app.get(route, handler)
    else if (method === 'DELETE') app.delete(route, handler)
    else app.post(route, handler)
  }

  const paths = [
    '/tools/<name>',
    ...Object.keys(options.documents),
    ...(options.site?.routes ?? []).map((route) => route.path),
    ...door.routes.map((route) => route.path),
  ]
  app.use((request: Request) => {
    const near = nearest(request.path, paths)
    throw new GatehouseError('NOT_FOUND', `There is no such address${didYouMean(near)}`, {
      hint: 'See / for what is here and /openapi.json for every route',
      data: { nearest: near },
    })
  })
  return app
}

/** Runs the app for one request; rejects with what a handler threw, so that the listener answers it. */
export function runApp(app: Express, request: IncomingMessage, response: ServerResponse): Promise<void> {
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

function bodyOf(request: IncomingMessage, body: Buffer, textBody: string | undefined): unknown {
  const isText = textBody !== undefined && /\byaml\b|^text\/plain/.test(request.headers['content-type'] ?? '')
  return isText ? { [textBody]: body.toString() } : parseJson(body)
}

// What the address says cannot be said differently by the body.
function withPath(given: unknown, params: Record<string, unknown>): unknown {
  if (Object.keys(params).length === 0) return given
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return given
  const fields = given as Record<string, unknown>
  const differing = Object.keys(params).find((name) => name in fields && fields[name] !== params[name])
  if (differing) throw new GatehouseError('INVALID_INPUT', `${differing}: the address says something else`)
  return { ...fields, ...params }
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new GatehouseError('INVALID_INPUT', 'The body is not valid JSON', {
      cause,
      hint: 'Send a JSON object with the parameters of the tool',
    })
  }
}

function signalOf(response: Response): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
