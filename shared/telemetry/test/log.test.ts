import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const source = new URL('../src/index.ts', import.meta.url).href

// pino writes to the descriptor itself, so the logger is watched from outside, in a process of its own.
function run(body: string): { stdout: string; stderr: string } {
  const script = `
    import { createLogger, resolveCorrelation, withCorrelation } from '${source}'
    const make = (more = {}) => createLogger({
      service: 'test', version: '1', sanitise: (text) => text.replaceAll('hunter2', '[redacted]'), ...more,
    })
    ${body}
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
  })
  return { stdout, stderr }
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('a log line', () => {
  it('is JSON with the agreed fields', () => {
    const [line] = lines(run(`make().info('hello', { number: 1, absent: undefined })`).stdout)
    expect(line).toMatchObject({ level: 'info', service: 'test', version: '1', msg: 'hello', number: 1 })
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(line).not.toHaveProperty('absent')
    expect(line).not.toHaveProperty('pid')
  })

  it('carries the ids of the call it was written in, and none outside', () => {
    const [inside, outside] = lines(
      run(`
        const log = make()
        withCorrelation(resolveCorrelation({ 'x-correlation-id': 'abc' }), () => log.info('inside'))
        log.info('outside')
      `).stdout,
    )
    expect(inside).toMatchObject({ correlation_id: 'abc', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(outside).not.toHaveProperty('correlation_id')
  })

  it('passes every text through the sanitizer, message and fields', () => {
    const { stdout } = run(`make().error('password hunter2', { err: 'at hunter2' })`)
    expect(lines(stdout)).toHaveLength(1)
    expect(stdout).not.toContain('hunter2')
    expect(stdout.match(/\[redacted\]/g)).toHaveLength(2)
  })

  it('a field with a line break stays one line', () => {
    expect(lines(run(`make().info('a\\nb', { text: 'c\\r\\nd' })`).stdout)).toHaveLength(1)
  })

  it('goes to stderr where stdout belongs to MCP, and below its level nowhere', () => {
    expect(run(`make({ fd: 2 }).info('x')`)).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('"x"'),
    })
    expect(run(`make({ level: 'warn' }).info('x')`)).toEqual({ stdout: '', stderr: '' })
    expect(run(`make({ level: 'silent' }).error('x')`)).toEqual({ stdout: '', stderr: '' })
  })
})
