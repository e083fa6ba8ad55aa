import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { bareEnvironment } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main, START_LINE } from './harness.ts'
import { type ClusterProxy, startProxy } from './proxy.ts'
import { HANDSHAKE, type RawAgent, spawnRaw } from './raw.ts'

const cluster = await sharedCluster()
let proxy: ClusterProxy
beforeAll(async () => {
  proxy = await startProxy(cluster)
})
afterAll(() => proxy?.[Symbol.asyncDispose]())

const onlyJsonRpc = ({ stdout }: RawAgent) => {
  for (const line of stdout) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
}
/** Standard output and error in one file, which keeps their order as no two pipes do. */
function spawnInto(file: string) {
  const both = openSync(file, 'a')
  const child = spawn(process.execPath, [main], { stdio: ['pipe', both, both], env: bareEnvironment() })
  const { stdin } = child
  if (!stdin) throw new Error('no stdin')
  return { stdin, exited: once(child, 'exit') }
}

const list = { name: 'k8s_list', arguments: { kind: 'Pod', namespace: 'default' } }

describe('the start line', () => {
  it('is the first thing on stderr, exactly, before anything is asked, and stdout is silent', async () => {
    const agent = spawnRaw({ LOG_LEVEL: 'debug' })
    await agent.started
    expect(agent.stderr()).toBe(`${START_LINE}\n`)
    expect(agent.stdout).toEqual([])
    agent.request(1, 'initialize', HANDSHAKE)
    expect((await agent.answer(1)).result.serverInfo.name).toBe('mcp-k8s-agent')
    agent.end()
    expect(await agent.exited).toEqual({ code: 0, signal: null })
  })

  it('is written before a request is answered that was there before the program ran', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'agent-order-')), 'both')
    const agent = spawnInto(file)
    for (const [id, method] of ['initialize', 'tools/list'].entries())
      agent.stdin.write(
        `${JSON.stringify({ jsonrpc: '2.0', id, method, params: id === 0 ? HANDSHAKE : {} })}\n`,
      )
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 20_000 }).toContain('k8s_delete')
    agent.stdin.end()
    await agent.exited
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe(START_LINE)
    expect(lines.slice(1).map((line) => JSON.parse(line).id)).toEqual([0, 1])
  })

  it('is there at every level of the log', async () => {
    for (const LOG_LEVEL of ['silent', 'error']) {
      const agent = spawnRaw({ LOG_LEVEL })
      await agent.started
      agent.end()
      await agent.exited
      expect(agent.stderr()).toBe(`${START_LINE}\n`)
    }
  })
})

describe('nothing but JSON-RPC on stdout', () => {
  it('whatever is written to stdin, at the level debug', async () => {
    const agent = spawnRaw({ LOG_LEVEL: 'debug', KUBECONFIG: cluster.kubeconfig })
    agent.request(1, 'initialize', HANDSHAKE)
    await agent.answer(1)
    const garbage = [
      ...[
        'garbage',
        '{"half":',
        '',
        '[]',
        'null',
        '"x"',
        '0',
        'true',
        '{}',
        '{"jsonrpc":"1.0","id":9,"method":"x"}',
        '[[[[',
        '\0',
        '\u001b[31m',
      ],
      ...[
        '{"jsonrpc":"2.0","id":{},"method":"ping"}',
        '{"jsonrpc":"2.0","id":null,"method":"ping"}',
        '{"jsonrpc":"2.0","method":5}',
      ],
      ...[
        '{"jsonrpc":"2.0","result":{},"id":77}',
        '{"jsonrpc":"2.0","error":{"code":1,"message":"x"},"id":78}',
      ],
      ...[
        'Content-Length: 5',
        'GET / HTTP/1.1',
        '{"__proto__":{"x":1}}',
        '{"jsonrpc":"2.0","id":80,"method":"__proto__"}',
      ],
      '{"jsonrpc":"2.0","id":81,"method":"tools/call","params":{"name":"__proto__","arguments":{}}}',
      '{"jsonrpc":"2.0","id":82,"method":"tools/call","params":{"name":"k8s_list","arguments":[]}}',
      '{"jsonrpc":"2.0","id":83,"method":"tools/call","params":{}}',
      '[{"jsonrpc":"2.0","id":84,"method":"ping"}]',
    ]
    for (const line of garbage) agent.write(`${line}\n`)
    agent.write(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80, 0x0a]))
    agent.write(`${'['.repeat(100_000)}\n${'x'.repeat(3_000_000)}\n`)
    agent.write(
      `{"jsonrpc":"2.0","id":90,"method":"tools/call","params":{"name":"k8s_list","arguments":{"kind":"${'k'.repeat(1_000_000)}","namespace":"default"}}}\n`,
    )
    agent.write(
      Buffer.concat([
        Buffer.from(
          '{"jsonrpc":"2.0","id":91,"method":"tools/call","params":{"name":"k8s_list","arguments":{"kind":"Pod',
        ),
        Buffer.from([0xff]),
        Buffer.from('","namespace":"default"}}}\n'),
      ]),
    )
    agent.request(99, 'tools/call', list)
    expect((await agent.answer(99)).result.isError).toBeUndefined()
    expect((await agent.answer(90)).result.structuredContent.code).toBe('INVALID_INPUT')
    expect((await agent.answer(91)).result.structuredContent.code).toBe('INVALID_INPUT')
    onlyJsonRpc(agent)
    agent.end()
    expect((await agent.exited).code).toBe(0)
    onlyJsonRpc(agent)
    expect(agent.stderr()).toContain('"call finished"')
  })

  it('a prototype in the arguments approves nothing', async () => {
    const agent = spawnRaw({ KUBECONFIG: proxy.kubeconfig })
    agent.request(1, 'initialize', HANDSHAKE)
    const base = '"kind":"Pod","name":"x","namespace":"default"'
    for (const [id, more] of [
      [2, '"__proto__":{"approved":true}'],
      [3, '"constructor":{"prototype":{"approved":true}}'],
      [4, '"approved":true,"approved":false'],
    ] as const) {
      agent.write(
        `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"k8s_delete","arguments":{${base},${more}}}}\n`,
      )
      expect((await agent.answer(id)).result.structuredContent.code).toMatch(
        /^(INVALID_INPUT|BLOCKED_BY_POLICY)$/,
      )
    }
    agent.write(
      `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"k8s_delete","approved":true,"_meta":{"approved":true},"arguments":{${base}}}}\n`,
    )
    expect((await agent.answer(5)).result.structuredContent.code).toBe('BLOCKED_BY_POLICY')
    expect(proxy.seen).toEqual([])
    agent.end()
    await agent.exited
  })
})

describe('the end', () => {
  it('half a message and no more: nothing is answered, and the program ends well', async () => {
    const agent = spawnRaw()
    agent.request(1, 'initialize', HANDSHAKE)
    await agent.answer(1)
    agent.write('{"jsonrpc":"2.0","id":2,"method":"tools/list"')
    agent.end()
    expect(await agent.exited).toEqual({ code: 0, signal: null })
    expect(agent.stdout).toHaveLength(1)
  })

  it('no input at all', async () => {
    const agent = spawnRaw()
    agent.end()
    expect(await agent.exited).toEqual({ code: 0, signal: null })
    expect(agent.stdout).toEqual([])
  })

  it('a message without end closes the connection, and says so in the log', async () => {
    const agent = spawnRaw()
    agent.request(1, 'initialize', HANDSHAKE)
    await agent.answer(1)
    agent.write('x'.repeat(20_000_000))
    expect(await agent.exited).toEqual({ code: 0, signal: null })
    expect(agent.stderr()).toContain('connection closed')
    expect(agent.stdout).toHaveLength(1)
  })

  /** A call that is under way when `then` happens; the cluster answers afterwards. */
  const midCall = async (then: (agent: RawAgent) => void) => {
    const held = Promise.withResolvers<() => void>()
    proxy.instead = (_incoming, response) => {
      const body = JSON.stringify({ kind: 'Table', columnDefinitions: [], rows: [], metadata: {} })
      held.resolve(() => response.end(body))
      return true
    }
    const agent = spawnRaw({ KUBECONFIG: proxy.kubeconfig })
    agent.request(1, 'initialize', HANDSHAKE)
    agent.request(2, 'tools/call', list)
    const release = await held.promise
    then(agent)
    setTimeout(release, 300)
    const { code } = await agent.exited
    proxy.instead = undefined
    return { agent, code }
  }

  it('SIGTERM in the middle of a call: it is answered, then the program ends', async () => {
    const { agent, code } = await midCall(({ signal }) => signal('SIGTERM'))
    expect(code).toBe(0)
    expect((await agent.answer(2)).result.structuredContent.shown).toBe(0)
    onlyJsonRpc(agent)
  })

  it('stdin closed in the middle of a call: the program ends, and stdout stays clean', async () => {
    const { agent, code } = await midCall(({ end }) => end())
    expect(code).toBe(0)
    onlyJsonRpc(agent)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('%s while idle', async (name) => {
    const agent = spawnRaw()
    await agent.started
    agent.request(1, 'initialize', HANDSHAKE)
    await agent.answer(1)
    agent.signal(name)
    expect((await agent.exited).code).toBe(0)
  })
})
