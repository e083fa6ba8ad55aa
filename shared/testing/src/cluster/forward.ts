import { connect, createServer, isIP } from 'node:net'

/** Makes the API server on loopback reachable at one more address of this machine, and at no other. */
export async function forward(address: string, port: number): Promise<() => void> {
  if (!isIP(address) || address === '0.0.0.0' || address === '::') {
    throw new Error(
      `--listen wants one address of this machine, such as the one of the Docker bridge, not "${address}"`,
    )
  }
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream])
      socket.on('error', () => [client, upstream].map((end) => end.destroy()))
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  return () => void server.close()
}
