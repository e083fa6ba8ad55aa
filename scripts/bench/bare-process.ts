import { Agent } from 'undici'
import type { Order } from './bare.ts'
import { timeEach } from './statistics.ts'

// The limit: what the same requests cost without a server in between. A process of its own that does nothing else,
// with the pool, TLS and accept header the servers use. The body is read to its end and not parsed.
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
let agent: Agent | undefined

process.on('message', (order: Order) => {
  void obey(order).then(
    (samples) => process.send?.({ id: order.id, samples }),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))

async function obey({ access, steps, runs }: Order): Promise<number[]> {
  const { server: origin, ...tls } = access
  agent ??= new Agent({ connections: 64, keepAliveTimeout: 30_000, connect: { allowH2: false, ...tls } })
  const pool = agent
  const get = async (path: string): Promise<void> => {
    const reply = await pool.request({ origin, path, method: 'GET', headers: { accept: TABLE } })
    const body = await reply.body.arrayBuffer()
    if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.statusCode}, ${body.byteLength} bytes`)
  }
  return timeEach(runs, async () => {
    for (const paths of steps) await Promise.all(paths.map(get))
  })
}
