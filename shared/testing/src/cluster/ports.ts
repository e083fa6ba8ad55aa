import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Free loopback ports. Below the range the kernel hands to outgoing connections, because a stopped API server
 * must get the same port again and nobody else's connection may sit on it in between.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let attempts = 0; ports.size < count; attempts++) {
    if (attempts > 1000) throw new Error('no free ports between 20000 and 32000 on 127.0.0.1')
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
