import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { join } from 'node:path'

/** What the API server answered. */
type ApiReply = { status: number; text: string }

/** A bare client as cluster administrator, for set-up and waiting; products under test use their own. */
export type Api = {
  call: (method: string, path: string, body?: object, type?: string) => Promise<ApiReply>
  close: () => void
}

/** Connects to the cluster in `dir`; `connections` are kept open, which is what makes thousands of writes quick. */
export async function connectApi(dir: string, url: string, connections = 4): Promise<Api> {
  const read = (name: string): Promise<Buffer> => readFile(join(dir, 'pki', name))
  const [ca, cert, key] = await Promise.all([read('ca.crt'), read('admin.crt'), read('admin.key')])
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca, cert, key })
  const call = (method: string, path: string, body?: object, type = 'application/json'): Promise<ApiReply> =>
    new Promise((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        'user-agent': 'gatehouse-testing',
        ...(body && { 'content-type': type }),
      }
      const sent = request(new URL(path, url), { method, agent, headers, timeout: 30_000 }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        )
      })
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in 30 s`)))
      sent.on('error', reject)
      sent.end(body && JSON.stringify(body))
    })
  return { call, close: () => agent.destroy() }
}

/** Creates an object and complains about anything but success or "already there". */
export async function create(api: Api, path: string, body: object): Promise<void> {
  const { status, text } = await api.call('POST', path, body)
  if (status >= 300 && status !== 409)
    throw new Error(`POST ${path} answered ${status}: ${text.slice(0, 500)}`)
}
