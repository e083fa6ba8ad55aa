import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** An API server of which each test says how it answers; what a real one cannot be made to do. */
export interface FakeApi extends AsyncDisposable {
  kubeconfig: string
  /** By path; `/version` and `/livez` answer well unless set. Anything else is 404. */
  answers: Map<string, Handle>
  /** How often each path was asked. */
  asked: Map<string, number>
}

export async function fakeApi(): Promise<FakeApi> {
  const answers = new Map<string, Handle>()
  const asked = new Map<string, number>()
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-fake-api-'))
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://fake.invalid')
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1)
    const answer = answers.get(pathname) ?? USUAL[pathname] ?? status(404)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const kubeconfig = path.join(folder, 'config')
  writeFileSync(kubeconfig, configOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  return {
    kubeconfig,
    answers,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const configOf = (server: string): string =>
  JSON.stringify({
    'current-context': 'fake',
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'fake', user: {} }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
  })

export const json =
  (body: unknown): Handle =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

export const status =
  (code: number, message = `the fake says ${code}`): Handle =>
  (_request, response) => {
    response.statusCode = code
    response.end(JSON.stringify({ kind: 'Status', message }))
  }

export const never: Handle = () => {}

export const late =
  (ms: number, then: Handle): Handle =>
  (request, response) => {
    setTimeout(() => then(request, response), ms).unref()
  }

/** That many bytes of one JSON text. */
export const huge =
  (bytes: number): Handle =>
  (_request, response) => {
    const piece = 'x'.repeat(1_000_000)
    let left = bytes
    response.on('error', () => {})
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length
        if (!response.write(piece)) {
          response.once('drain', more)
          return
        }
      }
      response.end('"}')
    }
    response.write('{"a":"')
    more()
  }

const USUAL: Record<string, Handle> = {
  '/version': json({ gitVersion: 'v1.99.7' }),
  '/livez': (_request, response) => {
    response.end('ok')
  },
}

/** The list of documents, each under `/openapi/v3/`. */
export function indexOf(...groupVersions: string[]): Handle {
  const pathOf = (one: string): string => (one.includes('/') ? `apis/${one}` : `api/${one}`)
  return json({
    paths: Object.fromEntries(
      groupVersions.map((one) => [
        pathOf(one),
        { serverRelativeURL: `/openapi/v3/${pathOf(one)}?hash=${one.length}` },
      ]),
    ),
  })
}

/** A document with one kind; `spec` and further schemas as given. */
export function documentOf(group: string, kind: string, spec: unknown, others: object = {}): object {
  return {
    components: {
      schemas: {
        [`io.test.v1.${kind}`]: {
          description: `${kind} of the fake.`,
          type: 'object',
          properties: { kind: { type: 'string' }, metadata: { type: 'object' }, spec },
          'x-kubernetes-group-version-kind': [{ group, version: 'v1', kind }],
        },
        ...others,
      },
    },
  }
}
