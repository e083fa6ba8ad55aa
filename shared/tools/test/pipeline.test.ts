import { resolveCorrelation } from '@gatehouse/telemetry'
import { connectMcp, createFixture } from '@gatehouse/testing/mcp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Incoming } from '../src/index.ts'

type Fixture = ReturnType<typeof createFixture>
const fixture = createFixture()

function incoming(on: Fixture, name: string, input: unknown, more: Partial<Incoming> = {}): Incoming {
  const tool = on.tools.find((one) => one.name === name)
  const correlation = resolveCorrelation({ 'x-correlation-id': 'cid-1' })
  const signal = new AbortController().signal
  return { name, tool, input, door: 'mcp', caller: 'test', correlation, signal, requestBytes: 7, ...more }
}
const call = (name: string, input: unknown, more?: Partial<Incoming>) =>
  fixture.invoke(incoming(fixture, name, input, more))

describe('a reply', () => {
  it('carries data and text', async () => {
    const reply = await call('test.echo.say', { text: 'hello', number: 3 })
    expect(reply).toMatchObject({
      structured: { text: 'hello', number: 3 },
      text: 'hello',
      isError: false,
      http: 200,
    })
  })

  it('is cut to the budget asked for and says so', async () => {
    const small = await call('test.echo.count', { total: 5000, maxTokens: 300 })
    const large = await call('test.echo.count', { total: 5000, maxTokens: 1200 })
    const shown = (reply: typeof small) => Number(reply.structured.shown)
    expect(small.structured.total).toBe(5000)
    expect(shown(small)).toBeGreaterThan(10)
    expect(shown(large)).toBeGreaterThan(shown(small))
    expect(shown(large)).toBeLessThan(5000)
  })
})

describe('errors', () => {
  it('have one shape, with the id and what the thrower knew', async () => {
    const reply = await call('test.fail.known', {})
    expect(reply).toMatchObject({ isError: true, http: 404, errorCode: 'NOT_FOUND' })
    expect(reply.structured).toEqual({
      code: 'NOT_FOUND',
      message: 'It is not there',
      hint: 'Check the name and the namespace',
      correlation_id: 'cid-1',
      nearest: ['here'],
    })
    expect(reply.text).toContain('cid-1')
  })

  it.each(['test.fail.unexpected', 'test.fail.badOutput'])(
    '%s: internal detail goes to the log only',
    async (name) => {
      const before = fixture.logs.length
      const reply = await call(name, {})
      expect(reply).toMatchObject({ errorCode: 'INTERNAL', http: 500 })
      expect(JSON.stringify(reply)).not.toMatch(/10\.1\.2\.3|broke its own|expected string/)
      const [error] = fixture.logs.slice(before)
      expect(error).toMatchObject({
        level: 'error',
        correlation_id: 'cid-1',
        err: expect.stringMatching(/10\.1\.2\.3|broke/),
      })
    },
  )

  it('an unknown tool offers the nearest, in either spelling', async () => {
    for (const name of ['test.echo.sai', 'test_echo_sai']) {
      const reply = await call(name, {})
      expect(reply.structured).toMatchObject({
        code: 'UNKNOWN_TOOL',
        nearest: expect.arrayContaining(['test.echo.say']),
      })
    }
  })

  it('a change does not run from here', async () => {
    expect(await call('test.write.change', {})).toMatchObject({ errorCode: 'BLOCKED_BY_POLICY', http: 403 })
  })

  it.each([
    [{}, 'text: '],
    [{ text: 5 }, 'text: '],
    [{ text: 'a', txt: 1 }, 'txt: no such parameter; did you mean text?'],
    [{ text: 'a', number: 1.5 }, 'number: '],
    [null, 'text: '],
    [[], 'input: '],
    ['text', 'input: '],
  ])('%j is refused with the field it is about', async (input, message) => {
    const reply = await call('test.echo.say', input)
    expect(reply.structured).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    })
  })

  it('never repeat a wrong value: it may be a secret in the wrong field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Z]{12}[0-9]{4}$/), async (canary) => {
        for (const input of [
          { text: 'a', number: canary },
          { text: [canary] },
          { text: 'a', list: canary },
        ]) {
          expect(JSON.stringify(await call('test.echo.say', input))).not.toContain(canary)
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('the log', () => {
  it('has one line for a finished call, whatever its end', async () => {
    const own = createFixture()
    const names = ['test.echo.say', 'test.fail.known', 'test.fail.badOutput', 'no.such', 'test.write.change']
    for (const name of names) await own.invoke(incoming(own, name, { text: 'x' }))
    const finished = own.logs.filter((line) => line.msg === 'call finished')
    expect(finished.map((line) => [line.tool, line.outcome, line.error_code])).toEqual([
      ['test.echo.say', 'ok', null],
      ['test.fail.known', 'tool_error', 'INVALID_INPUT'],
      ['test.fail.badOutput', 'tool_error', 'INVALID_INPUT'],
      ['unknown', 'protocol_error', 'UNKNOWN_TOOL'],
      ['test.write.change', 'tool_error', 'INVALID_INPUT'],
    ])
    for (const line of finished) {
      expect(line).toMatchObject({ level: 'info', correlation_id: 'cid-1', caller: 'test', req_bytes: 7 })
      expect(line.duration_ms).toBeTypeOf('number')
      expect(line.res_bytes).toBeGreaterThan(0)
    }
  })

  it('never holds the value of an argument', async () => {
    const own = createFixture()
    const canary = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/)
    await fc.assert(
      fc.asyncProperty(canary, canary, fc.boolean(), async (value, name, known) => {
        const tool = known ? 'test.echo.say' : name
        await own.invoke(incoming(own, tool, { text: value, [name]: value, list: [value] }))
        await own.invoke(incoming(own, 'test.echo.say', { text: value, list: [value] }))
        await own.invoke(incoming(own, 'test.fail.unexpected', { code: value }))
        const written = JSON.stringify(own.logs)
        expect(written).not.toContain(value)
        expect(written).not.toContain(name)
      }),
      { numRuns: 40 },
    )
    expect(own.logs.length).toBeGreaterThan(100)
  })
})

describe('limits', () => {
  it('a call that outlives its deadline ends as TIMEOUT and its tool is told', async () => {
    const own = createFixture({ deadlineMs: 30 })
    const reply = await own.invoke(incoming(own, 'test.wait.hold', { gate: 'a' }))
    await own.gate('a').aborted
    expect(reply).toMatchObject({ errorCode: 'TIMEOUT', http: 504 })
  })

  it('a caller that goes away ends its call as CANCELLED', async () => {
    const gone = new AbortController()
    const pending = call('test.wait.hold', { gate: 'b' }, { signal: gone.signal })
    await fixture.gate('b').begun
    gone.abort()
    await fixture.gate('b').aborted
    expect(await pending).toMatchObject({ errorCode: 'CANCELLED' })
    expect(fixture.logs.at(-1)).toMatchObject({ outcome: 'cancelled', tool: 'test.wait.hold' })
    expect(await call('test.echo.say', { text: 'x' }, { signal: AbortSignal.abort() })).toMatchObject({
      errorCode: 'CANCELLED',
    })
  })

  it('more calls at once than a process holds are refused, and room comes back', async () => {
    const own = createFixture({ maxInFlight: 3 })
    const held = ['a', 'b', 'c'].map((gate) => own.invoke(incoming(own, 'test.wait.hold', { gate })))
    await Promise.all(['a', 'b', 'c'].map((gate) => own.gate(gate).begun))
    const refused = await own.invoke(incoming(own, 'test.echo.say', { text: 'x' }))
    expect(refused).toMatchObject({ errorCode: 'RATE_LIMITED', http: 429 })
    for (const gate of ['a', 'b', 'c']) own.gate(gate).release()
    expect((await Promise.all(held)).every((reply) => !reply.isError)).toBe(true)
    expect(await own.invoke(incoming(own, 'test.echo.say', { text: 'x' }))).toMatchObject({ isError: false })
  })

  it('200 calls at once all answer, each with its own', async () => {
    const own = createFixture()
    const numbers = Array.from({ length: 200 }, (_, index) => index)
    const replies = await Promise.all(
      numbers.map((number) => own.invoke(incoming(own, 'test.echo.say', { text: `t${number}`, number }))),
    )
    expect(replies.map((reply) => reply.structured.number)).toEqual(numbers)
    expect((await own.metrics.snapshot()).inFlight).toBe(0)
  })
})

describe('progress and correlation reach a tool over MCP', () => {
  it('the id of _meta is the id of the call', async () => {
    const own = createFixture()
    const { url, stop } = await own.listen()
    const client = await connectMcp({ url: `${url}/mcp` }, 'v2-2026-07-28')
    const meta = { 'dev.gatehouse/correlationId': 'from-meta' }
    const reply = await client.call('test.echo.say', { text: 'x' }, { meta })
    expect(reply._meta).toMatchObject(meta)
    expect(own.logs.at(-1)).toMatchObject({ correlation_id: 'from-meta' })
    await client.close()
    await stop(100)
  })
})
