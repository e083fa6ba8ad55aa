import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type Cluster, startCluster } from './cluster/start.ts'
import type { SharedAnswer } from './shared-cluster.ts'

let server: Server | undefined
let projects = 0
let cluster: Promise<Cluster> | undefined

/**
 * Vitest globalSetup: starts the shared cluster when the first test file asks for it, so that a run of unit tests
 * waits for nothing. Test processes ask over a loopback port because they are forks and share no memory with us.
 */
export async function setup(project: TestProject): Promise<void> {
  projects++
  // Each project of a run is set up; all share one cluster.
  server ??= await answering()
  const address = server.address()
  if (typeof address === 'object' && address) project.provide('gatehouseClusterPort', address.port)
}

async function answering(): Promise<Server> {
  const made = createServer((socket) => {
    // A test process that was killed while waiting is not our problem.
    socket.on('error', () => {})
    void answer().then((reply) => socket.end(JSON.stringify(reply)))
  })
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  return made
}

/** Vitest calls this after the last test file; on Ctrl-C the watchdog does the same work. */
export async function teardown(): Promise<void> {
  if (--projects > 0) return
  server?.close()
  const started = await cluster?.catch(() => undefined)
  await started?.stop()
}

async function answer(): Promise<SharedAnswer> {
  const existing = process.env.TEST_KUBECONFIG
  if (existing) return { existing }
  try {
    cluster ??= startCluster()
    const { dir, url, bin, kubeconfig } = await cluster
    return { address: { dir, url, bin, kubeconfig } }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
