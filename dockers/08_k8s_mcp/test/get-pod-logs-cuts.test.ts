import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Body, type Running, start } from './harness.ts'

const LOGS = 'infra.k8s.pods.getPodLogs'
const KEY_BODY = Array.from(
  { length: 12 },
  (_, index) => `MIIEpAIBAAKCAQEA${String(index).padStart(2, '0')}${'kQ7'.repeat(14)}`,
)
const KEY = ['-----BEGIN RSA PRIVATE KEY-----', ...KEY_BODY, '-----END RSA PRIVATE KEY-----']

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('logcuts')
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  for (const name of ['keys', 'live']) {
    await cluster.apply(
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { containers: [{ name: main, image: x }] }`,
    )
    await cluster.kubectl(['wait', '-n', namespace, `pod/${name}`, '--for=condition=Ready', '--timeout=60s'])
  }
  await cluster.writeLog(namespace, 'live', 'main', 'start\n')
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const logs = (input: object): Promise<Answer> => server.call(LOGS, { namespace, ...input })
const found = async (input: object): Promise<Body> => {
  const { status, body } = await logs(input)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

describe('a cut that the caller chooses', () => {
  const auths = {
    'registry.example.com': { auth: Buffer.from('user:Tr0ub4dor-and-3-and-more').toString('base64') },
  }
  const encoded = Buffer.from(JSON.stringify({ auths })).toString('base64')
  const [head, rest] = [encoded.slice(0, 76), encoded.slice(76)]

  it('shows no half of a credential: tail, grep, follow', async () => {
    await cluster.writeLog(namespace, 'keys', 'main', `start\n${head}\n${rest}\n`)
    const [last] = (await found({ name: 'keys', tail: 1 })).lines
    expect(last).toMatch(/^\[redacted:encoded:\w+\]$/)
    expect((await found({ name: 'keys', grep: rest.slice(4, 30) })).total).toBe(0)
    expect((await found({ name: 'keys', grep: '/=*$/', tail: 1 })).lines).toEqual([last])
  })

  it('shows no body of a private key without its head', async () => {
    await cluster.writeLog(namespace, 'keys', 'main', ['start', ...KEY, 'after', ''].join('\n'))
    expect((await found({ name: 'keys', tail: 4 })).lines).toEqual([
      'start',
      expect.stringMatching(/^\[redacted:private-key/),
      'after',
    ])
  })

  it('is where a follow begins, which knows the lines before', async () => {
    const messages: string[] = []
    await cluster.writeLog(namespace, 'keys', 'main', `one\ntwo\n${head}\n${rest}\nlast\n`)
    const gone = new AbortController()
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      signal: gone.signal,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: LOGS,
          arguments: { namespace, name: 'keys', follow: true, tail: 2 },
          _meta: { progressToken: 'p' },
        },
      }),
    })
    const reading = (async () => {
      for await (const chunk of response.body ?? []) messages.push(Buffer.from(chunk).toString())
    })().catch(() => {})
    await expect.poll(() => messages.join(''), { timeout: 8_000 }).toContain('last')
    gone.abort()
    await reading
    expect(messages.join('')).toMatch(/\[redacted:encoded:\w+\]\\nlast/)
    expect(messages.join('')).not.toMatch(/\b(one|two)\b/)
  })
})

describe('many who follow', () => {
  it('are 32; the others are told, and places come free again', async () => {
    const gone = new AbortController()
    const input = { namespace, name: 'live', follow: true, tail: 0 }
    const all = Array.from({ length: 40 }, () => server.call(LOGS, input, { signal: gone.signal }))
    const codes: unknown[] = []
    const ended = Promise.allSettled(all.map((one) => one.then(({ body }) => codes.push(body.code ?? body))))
    await expect.poll(() => codes.length, { timeout: 8_000 }).toBe(8)
    expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']))
    gone.abort()
    await ended
    const again = async () => {
      const soon = AbortSignal.timeout(500)
      const answer = await server.call(LOGS, input, { signal: soon }).catch(() => undefined)
      return answer?.body.code ?? 'following'
    }
    await expect.poll(again, { timeout: 8_000 }).toBe('following')
  })
})
