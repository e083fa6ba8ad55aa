import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { kubeconfigFor } from './plain-kubeconfig.ts'
import { type Answer, upstreamOf } from './upstream.ts'

/** What happens to one mutating request on its way. */
export type Fault =
  | { kind: 'pass' }
  /** It never arrives. */
  | { kind: 'drop' }
  /** It arrives, its answer does not. */
  | { kind: 'drop-response' }
  /** The answer stops half-way. */
  | { kind: 'reset-mid-body' }
  /** The caller hears nothing, and the request arrives later. */
  | { kind: 'late'; ms: number }
  /** The caller waits, and the request arrives later. */
  | { kind: 'delay'; ms: number }
  /** It arrives twice; the caller gets the answer to the second. */
  | { kind: 'duplicate'; ms: number }
  /** An answer of somebody in between, with or without the request arriving. */
  | { kind: 'answer'; status: 429 | 500 | 502 | 503 | 504; arrives: boolean }

/** A request that changes something. */
interface Changing {
  method: string
  path: string
  /** Of the object that is meant; of a new one it stands in the body. */
  name: string
}

export interface FaultProxy extends AsyncDisposable {
  kubeconfig: string
  /** Asked for each request that changes something. */
  fault: (request: Changing) => Fault
  /** Nobody may watch. */
  hidesHistory: boolean
  /** Requests that have arrived at the API server and changed something or were refused. */
  arrived: { method: string; path: string; status: number }[]
  /** All that were held back have arrived. */
  settled(): Promise<void>
}

/** Stands between an executor and the API server, and does to changes what networks do. Everything else passes. */
export async function faultProxy(kubeconfig: string): Promise<FaultProxy> {
  const upstream = await upstreamOf(kubeconfig)
  const late = new Set<Promise<unknown>>()
  const proxy: Omit<FaultProxy, typeof Symbol.asyncDispose> = {
    kubeconfig: '',
    fault: () => ({ kind: 'pass' }),
    hidesHistory: false,
    arrived: [],
    settled: async () => {
      while (late.size > 0) await Promise.allSettled([...late])
    },
  }
  const forward = async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
    const answer = await upstream.send(request, body)
    if (changes(request)) {
      const path = request.url?.split('?')[0] ?? ''
      proxy.arrived.push({ method: request.method ?? '', path, status: answer.status })
    }
    return answer
  }
  const keep = (work: Promise<unknown>) => {
    const kept: Promise<unknown> = work.catch(() => {}).finally(() => late.delete(kept))
    late.add(kept)
  }
  const server = createServer((request, response) => {
    if (!proxy.hidesHistory && request.url?.includes('watch=true')) return upstream.pipe(request, response)
    keep(handle(request, response, proxy, forward, keep))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  proxy.kubeconfig = await kubeconfigFor(url)
  return Object.assign(proxy, {
    [Symbol.asyncDispose]: async () => {
      await proxy.settled()
      server.closeAllConnections()
      server.close()
      upstream.close()
    },
  })
}

type Forward = (request: IncomingMessage, body: Buffer) => Promise<Answer>

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  proxy: Pick<FaultProxy, 'fault' | 'hidesHistory'>,
  forward: Forward,
  keep: (work: Promise<unknown>) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const path = request.url?.split('?')[0] ?? ''
  if (proxy.hidesHistory && request.url?.includes('watch=true')) {
    return give(response, { status: 403, headers: {}, body: Buffer.from('{"kind":"Status"}') })
  }
  const fault: Fault = changes(request)
    ? proxy.fault({ method: request.method ?? '', path, name: nameIn(path, body) })
    : { kind: 'pass' }
  const arrive = () => forward(request, body)
  switch (fault.kind) {
    case 'drop':
      return void response.destroy()
    case 'late':
      response.destroy()
      return keep(pause(fault.ms).then(arrive))
    case 'delay':
      await pause(fault.ms)
      return give(response, await arrive())
    case 'duplicate': {
      keep(arrive())
      await pause(fault.ms)
      return give(response, await arrive())
    }
    case 'drop-response':
      await arrive()
      return void response.destroy()
    case 'reset-mid-body': {
      const { status, headers, body: whole } = await arrive()
      response.writeHead(status, { ...headers, 'content-length': whole.length })
      response.write(whole.subarray(0, whole.length / 2), () => response.destroy())
      return
    }
    case 'answer':
      if (fault.arrives) await arrive()
      return give(response, { status: fault.status, headers: {}, body: Buffer.from('{"kind":"Status"}') })
    case 'pass':
      return give(response, await arrive())
  }
}

function give(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers)
  response.end(body)
}

function changes({ method, url = '' }: IncomingMessage): boolean {
  return method !== 'GET' && !url.includes('dryRun=All') && !url.includes('/selfsubject')
}

function nameIn(path: string, body: Buffer): string {
  const [name] = /(?:configmaps|deployments)\/([^/]+)/.exec(path)?.slice(1) ?? []
  return name ?? JSON.parse(body.toString()).metadata.name
}
