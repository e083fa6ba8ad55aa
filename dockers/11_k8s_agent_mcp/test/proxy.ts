import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ClusterHandle } from '@gatehouse/testing'

interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

/** What stands between the agent and the real API server. */
export interface ClusterProxy extends AsyncDisposable {
  /** A kubeconfig that leads through it. */
  kubeconfig: string
  url: string
  /** Every request, as `METHOD path`. */
  seen: string[]
  /** Answers instead of the API server when it returns or does something; undefined passes the request on. */
  instead: ((incoming: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** Changes an answer of the API server. */
  rewrite: ((path: string, reply: Reply) => Reply | 'drop') | undefined
  /** Changes where a request goes. */
  route: ((path: string) => string) | undefined
}

let count = 0

/** Speaks plain HTTP to the agent and passes everything on as administrator: a real cluster that can be made to lie. */
export async function startProxy(cluster: ClusterHandle): Promise<ClusterProxy> {
  const { cert, key } = await cluster.certificate('proxied', ['system:masters'])
  const agent = new Agent({ keepAlive: true, cert, key, rejectUnauthorized: false })
  const server = createServer((incoming, response) => {
    proxy.seen.push(`${incoming.method} ${incoming.url}`)
    if (proxy.instead?.(incoming, response)) return
    void forward(incoming, response).catch(() => response.destroy())
  })
  const forward = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = incoming.url ?? '/'
    const { host: _host, 'accept-encoding': _encoding, ...headers } = incoming.headers
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const url = new URL(proxy.route?.(path) ?? path, cluster.url)
    const sent = request(url, { method: incoming.method, agent, headers }, resolve)
    sent.on('error', reject)
    incoming.pipe(sent)
    const answer = await promise
    const body = (await buffer(answer)).toString('latin1')
    const type = String(answer.headers['content-type'] ?? 'application/json')
    const reply = { status: answer.statusCode ?? 500, headers: { 'content-type': type }, body }
    const changed = proxy.rewrite?.(path, reply) ?? reply
    if (changed === 'drop') response.destroy()
    else response.writeHead(changed.status, changed.headers).end(changed.body, 'latin1')
  }
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const name = `agent-proxy-${process.pid}-${count++}`
  const url = `http://127.0.0.1:${port}`
  const proxy: ClusterProxy = {
    kubeconfig: await cluster.writeKubeconfig(name, [{ name: 'proxied', user: { none: true }, server: url }]),
    url,
    seen: [],
    instead: undefined,
    rewrite: undefined,
    route: undefined,
    [Symbol.asyncDispose]: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

/** Answers with a status and a text. */
export function answerWith(status: number, text: string, headers: Record<string, string> = {}) {
  return (_incoming: IncomingMessage, response: ServerResponse): boolean => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
    return true
  }
}
