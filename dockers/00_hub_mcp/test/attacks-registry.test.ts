import { createHash } from 'node:crypto'
import { signCaller } from '@gatehouse/host'
import { eventually } from '@gatehouse/testing'
import { postModern } from '@gatehouse/testing/mcp'
import { expect, it } from 'vitest'
import { readRegistry } from '../src/registry/read.ts'
import { type FaultyServer, startFaulty } from './faulty-server.ts'
import { startHub } from './harness.ts'

const TOKEN = 'token-of-the-registry-attacks-0123456789'
const bearer = { authorization: `Bearer ${TOKEN}` }

it('a file that was cut before its callers does not let everybody in', async () => {
  await using server = await startFaulty(['a.read'])
  const servers = [{ id: 'one', url: server.url, prefixes: ['a'] }]
  const tokenSha256 = createHash('sha256').update(TOKEN).digest('hex')
  await using hub = await startHub({ version: 1, servers, callers: [{ name: 'ci', tokenSha256 }] })
  await hub.ready('one')
  hub.write({ version: 1, servers })
  await eventually('it is told', async () => (await hub.health()).registry?.includes('callers'))
  const list = (headers: Record<string, string>) =>
    postModern(`${hub.url}/mcp`, 'tools/list', {}, { headers })
  expect((await list({})).status).toBe(401)
  expect((await list(bearer)).status).toBe(200)
})

it.each(['1441m', '99999m', '90000s'])('a time of %s is no time', (timeout) => {
  const servers = [{ id: 'one', url: 'http://127.0.0.1:1/mcp', prefixes: ['a'], timeout }]
  const read = () => readRegistry(JSON.stringify({ version: 1, servers }), 'hub.yaml')
  expect(read).toThrow('expected at most 1440m')
})

it('what a caller sends opens no breaker: headers that are too large, and what a server refuses', async () => {
  await using server = await startFaulty(['a.read'])
  await using hub = await startHub({
    version: 1,
    servers: [{ id: 'one', url: server.url, prefixes: ['a'] }],
  })
  await hub.ready('one')
  const call = async (headers: Record<string, string> = {}) => {
    const { message } = await postModern(
      `${hub.url}/mcp`,
      'tools/call',
      { name: 'a.read', arguments: {} },
      { headers },
    )
    return (message?.result?.structuredContent as { code?: string } | undefined)?.code
  }
  for (let count = 0; count < 6; count++)
    expect(await call({ 'mcp-param-a': 'x'.repeat(9_000) })).toBe('INVALID_INPUT')
  expect(server.calls).toEqual([])
  server.instead = ({ method, params }, response) => {
    if (method !== 'tools/call' || params.name !== 'a.read') return false
    response.writeHead(431, { 'content-type': 'text/plain' }).end('no')
    return true
  }
  for (let count = 0; count < 6; count++) expect(await call()).toBe('SERVER_MISBEHAVED')
  server.instead = () => false
  expect(await call()).toBeUndefined()
})

it('a server gets no credential of the suite unless hub.yaml says so, and one for itself alone', async () => {
  await using own = await startFaulty(['a.read'])
  await using foreign = await startFaulty(['b.read'])
  await using hub = await startHub(
    {
      version: 1,
      servers: [
        { id: 'own', url: own.url, prefixes: ['a'], credentials: 'suite' },
        { id: 'foreign', url: foreign.url, prefixes: ['b'] },
      ],
    },
    { MCP_TOKEN: TOKEN, HUB_KEY: 'k'.repeat(32) },
  )
  const asked: Record<string, unknown>[] = []
  foreign.instead = (_body, _response, { headers }) => asked.push(headers) < 0
  await hub.ready('own', 'foreign')
  for (const name of ['a.read', 'b.read'])
    await postModern(`${hub.url}/mcp`, 'tools/call', { name, arguments: {} }, { headers: bearer })
  await eventually('both were called', async () => own.calls.length + foreign.calls.length === 2)
  expect(own.calls[0]?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    'x-gatehouse-caller': expect.stringMatching(/^mcp-token;/),
  })
  const all = JSON.stringify([asked, foreign.calls])
  for (const never of [TOKEN, 'x-gatehouse-caller', 'authorization']) expect(all).not.toContain(never)
  // What was made for one server is refused by another of the suite: shared/host proves it.
  const { headers = {}, body = {} }: Partial<FaultyServer['calls'][number]> = own.calls[0] ?? {}
  const signed = String(headers['x-gatehouse-caller'])
  const request = {
    correlationId: String(headers['x-correlation-id']),
    server: 'own',
    body: JSON.stringify(body),
  }
  const [name = '', time = ''] = signed.split(';')
  expect(signed).toBe(signCaller(name, request, 'k'.repeat(32), Number.parseInt(time, 36)))
})
