import { createFixture } from '@gatehouse/testing/mcp'
import { serveOnStdio, stopSignal } from '../../src/index.ts'

// A server whose tool answers only once the process was asked to stop: what SIGTERM does to a running call.
const fixture = createFixture()
const gate = fixture.gate('signal')
const say = (msg: string, fields: Record<string, unknown> = {}) =>
  process.stderr.write(`${JSON.stringify({ level: 'info', msg, ...fields })}\n`)
const log = { info: say, debug: () => {}, warn: () => {}, error: () => {}, flush: () => {} }

const stopped = stopSignal(log)
void gate.begun.then(() => say('begun'))
void gate.aborted.then(() => say('aborted'))
void stopped.then(() => setTimeout(gate.release, 150))

if (process.argv.includes('--stdio')) {
  const connection = serveOnStdio(fixture.service.door, { ...fixture.service.views('/mcp'), names: 'safe' })
  await Promise.race([connection.closed, stopped])
  await connection.close()
} else {
  const listener = await fixture.listen()
  say('listening', { port: listener.port })
  await stopped
  fixture.service.drain()
  await listener.stop(5_000)
}
await fixture.service.close()
say('closed')
process.exit(0)
