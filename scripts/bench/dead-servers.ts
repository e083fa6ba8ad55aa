import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Access } from './kubeconfig.ts'

export type DeadName = 'refused' | 'blackhole' | 'hung'

/**
 * API servers that do not answer, each in its own way: nobody listens; TCP connects and nothing follows, as behind a
 * firewall that drops; TLS is established and the request is never answered.
 */
export async function startDeadServers(access: Access) {
  const sockets = new Set<Socket>()
  const silent = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  }
  const blackhole = createTcpServer(silent)
  const hung = createTlsServer({ cert: access.cert, key: access.key }, silent)
  hung.on('tlsClientError', () => {})
  const refusedPort = await closedPort()
  const urls: Record<DeadName, string> = {
    refused: `https://127.0.0.1:${refusedPort}`,
    blackhole: `https://127.0.0.1:${await listening(blackhole)}`,
    hung: `https://127.0.0.1:${await listening(hung)}`,
  }
  return {
    urls,
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed(blackhole), closed(hung)])
    },
  }
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  const port = await listening(server)
  await closed(server)
  return port
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
