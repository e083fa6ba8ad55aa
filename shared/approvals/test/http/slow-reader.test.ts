import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createStreams } from '../../src/http/streams.ts'
import type { Principal, StoreEvent } from '../../src/index.ts'

const principal: Principal = {
  subject: 'alice',
  kind: 'human',
  scopes: ['read'],
  tokenId: 't',
  sessionId: null,
  behind: null,
}

it('a reader that takes nothing is cut off; one that reads gets everything', async () => {
  const go = Promise.withResolvers<void>()
  const MANY = 60_000
  const streams = createStreams({
    feed: {
      // More than the kernel's buffers hold, in portions, as a busy store would tell it.
      async *subscribe({ signal }): AsyncGenerator<StoreEvent> {
        await go.promise
        for (let sequence = 1; sequence <= MANY && !signal.aborted; sequence++) {
          yield { sequence, type: 'request.created', requestId: 'r'.repeat(200), time: 0 }
          if (sequence % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
      },
      close: async () => {},
    },
    newest: async () => 0,
    replay: async () => [],
    stillValid: async () => true,
    heartbeatMs: 60_000,
  })
  const server = createServer((_request, response) => void streams.serve({ principal, response }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const open = async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    return socket
  }
  const [slow, keen] = [await open(), await open()]
  try {
    slow.pause()
    let text = ''
    const all = Promise.withResolvers<void>()
    keen.on('data', (chunk) => {
      text = (text + chunk.toString()).slice(-2_000)
      if (text.includes(`id: ${MANY}\n`)) all.resolve()
    })
    while (streams.count() < 2) await new Promise((resolve) => setImmediate(resolve))
    go.resolve()
    await all.promise
    expect(streams.count()).toBe(1)
  } finally {
    slow.destroy()
    keen.destroy()
    streams.close()
    server.close()
  }
})
