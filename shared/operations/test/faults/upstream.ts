import { readFile } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import { load } from 'js-yaml'
import type { KubeJson } from '../harness.ts'

export interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer
}

/** The API server behind a proxy, asked as the administrator of a kubeconfig. */
export async function upstreamOf(kubeconfig: string) {
  const config = load(await readFile(kubeconfig, 'utf8')) as KubeJson
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = config.users[0].user
  const pem = (text: string) => Buffer.from(text, 'base64')
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: pem(ca), cert: pem(cert), key: pem(key) })
  const send = ({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers
      const sent = request(new URL(url ?? '/', server), {
        method,
        agent,
        headers: { ...kept, ...(body.length > 0 && { 'content-length': body.length }) },
      })
      sent.on('error', reject)
      sent.on('response', (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const { connection: _own, 'transfer-encoding': _encoding, ...given } = reply.headers
          resolve({ status: reply.statusCode ?? 0, headers: given, body: Buffer.concat(chunks) })
        })
      })
      sent.end(body)
    })
  // What goes on and on, such as a watch.
  const pipe = ({ method, url, headers }: IncomingMessage, response: ServerResponse) => {
    const { host: _host, connection: _connection, ...kept } = headers
    const sent = request(new URL(url ?? '/', server), { method, agent, headers: kept })
    sent.on('error', () => response.destroy())
    sent.on('response', (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers)
      reply.on('error', () => {})
      reply.pipe(response)
    })
    response.on('close', () => sent.destroy())
    sent.end()
  }
  return { send, pipe, close: () => agent.destroy() }
}
