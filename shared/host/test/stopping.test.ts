import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createFixture, postModern } from '@gatehouse/testing/mcp'
import { describe, expect, it } from 'vitest'

const main = new URL('./programs/held.ts', import.meta.url).pathname
const HOLD = { name: 'test.wait.hold', arguments: { gate: 'signal' } }
const TOOL = '/tools/test.wait.hold'

describe('SIGTERM', () => {
  it('lets a call over HTTP finish, then ends with 0', async () => {
    const server = start([])
    const { port } = await server.said('listening')
    const pending = postModern(`http://127.0.0.1:${port}/mcp`, 'tools/call', HOLD)
    await server.said('begun')
    server.child.kill('SIGTERM')
    expect((await pending).message?.result?.structuredContent).toEqual({ text: 'released signal' })
    expect(await server.exit).toBe(0)
    // Once answered, the exchange is closed, which the call's signal shows as well.
    const told = server.lines.map((line) => line.msg).filter((msg) => msg !== 'aborted')
    expect(told).toEqual(['listening', 'begun', 'stopping', 'closed'])
  })

  it('lets a REST call finish and takes no new connection', async () => {
    const server = start([])
    const { port } = await server.said('listening')
    const post = () => fetch(`http://127.0.0.1:${port}${TOOL}`, { method: 'POST', body: '{"gate":"signal"}' })
    const pending = post()
    await server.said('begun')
    server.child.kill('SIGTERM')
    await server.said('stopping')
    await expect(post()).rejects.toThrow()
    expect(await (await pending).json()).toEqual({ text: 'released signal' })
    expect(await server.exit).toBe(0)
  })

  it('lets a call over stdio finish, then ends with 0', async () => {
    const server = start(['--stdio'])
    server.send('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    })
    server.send('tools/call', { ...HOLD, name: 'test_wait_hold' })
    await server.said('begun')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    const answer = server.answers.find((message) => message.id === 2)
    expect(answer?.result).toMatchObject({ structuredContent: { text: 'released signal' } })
    expect(server.lines.map((line) => line.msg)).not.toContain('aborted')
  })

  it('a second one ends the process at once', async () => {
    const server = start([])
    const { port } = await server.said('listening')
    const pending = postModern(`http://127.0.0.1:${port}/mcp`, 'tools/call', HOLD)
    const refused = expect(pending).rejects.toThrow()
    await server.said('begun')
    server.child.kill('SIGTERM')
    await server.said('stopping')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(1)
    await refused
  })
})

it('stdin that ends ends the server and its call, as the stdio binding asks', async () => {
  const server = start(['--stdio'])
  server.send('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  })
  server.send('tools/call', { ...HOLD, name: 'test_wait_hold' })
  await server.said('begun')
  server.child.stdin.end()
  expect(await server.exit).toBe(0)
  expect(server.lines.map((line) => line.msg)).toContain('aborted')
})

it('a listener cuts off what outlives its grace', async () => {
  const fixture = createFixture()
  const listener = await fixture.listen()
  const pending = postModern(`${listener.url}/mcp`, 'tools/call', {
    name: 'test.wait.hold',
    arguments: { gate: 'x' },
  })
  const cut = expect(pending).rejects.toThrow()
  await fixture.gate('x').begun
  await listener.stop(10)
  await cut
  await fixture.gate('x').aborted
})

interface Message {
  id?: number
  result?: Record<string, unknown>
}

function start(args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe' })
  const lines: { msg: string; port?: number }[] = []
  const answers: Message[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    // Anything but our lines is a crash, and belongs into the failure's message.
    lines.push(line.startsWith('{') ? JSON.parse(line) : { msg: line })
    for (const look of waiting) look()
  })
  createInterface({ input: child.stdout }).on('line', (line) => answers.push(JSON.parse(line)))
  let id = 0
  return {
    child,
    lines,
    answers,
    exit: once(child, 'close').then(([code]) => code as number | null),
    send: (method: string, params: Record<string, unknown>) => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })}\n`)
    },
    said: (msg: string) => {
      const { promise, resolve } = Promise.withResolvers<{ msg: string; port?: number }>()
      const look = () => {
        const found = lines.find((line) => line.msg === msg)
        if (found) resolve(found)
      }
      waiting.add(look)
      look()
      return promise
    },
  }
}
