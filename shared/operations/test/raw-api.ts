import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { load } from 'js-yaml'
import type { KubeJson } from './harness.ts'

interface Reply {
  status: number
  body: KubeJson
  headers: Record<string, string | string[] | undefined>
}

/** The API server as an administrator of no product would use it. */
export type RawApi = (
  method: string,
  path: string,
  body?: unknown,
  contentType?: string,
  headers?: Record<string, string>,
) => Promise<Reply>

export async function rawApi(kubeconfig: string): Promise<RawApi> {
  const config = load(await readFile(kubeconfig, 'utf8')) as KubeJson
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = config.users[0].user
  const pem = (text: string) => Buffer.from(text, 'base64')
  const agent = new Agent({ keepAlive: true, ca: pem(ca), cert: pem(cert), key: pem(key) })
  return (method, path, body, contentType = 'application/json', headers = {}) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const sent = request(new URL(path, server), {
        method,
        agent,
        headers: {
          accept: 'application/json',
          ...(text !== undefined && {
            'content-type': contentType,
            // Node sends the body of a DELETE without its length, and the API server would not see it.
            'content-length': String(Buffer.byteLength(text)),
          }),
          ...headers,
        },
      })
      sent.on('error', reject)
      sent.on('response', (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          const isJson =
            String(reply.headers['content-type']).includes('json') && !path.includes('watch=true')
          resolve({
            status: reply.statusCode ?? 0,
            body: isJson ? JSON.parse(answer) : answer,
            headers: reply.headers,
          })
        })
      })
      sent.end(text)
    })
}
