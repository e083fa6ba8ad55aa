import { existsSync, readdirSync, rmSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { applyDemo } from '../../shared/testing/src/cluster/demo.ts'
import { type Cluster, startCluster } from '../../shared/testing/src/cluster/start.ts'
import { Choice } from './choice.ts'
import { createIdentities } from './identities.ts'

// The container "demo-cluster": a control plane with the demo workload, and its kubeconfigs where the servers look.
const NAME = 'demo-cluster'
const PORT = 6443
const DATA = '/demo/data'

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})
try {
  await serve()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
process.exit(0)

async function serve(): Promise<void> {
  process.env.GATEHOUSE_TEST_BIN = programs()
  // A container that was killed leaves its cluster's folder behind.
  for (const name of readdirSync(DATA)) rmSync(`${DATA}/${name}`, { recursive: true, force: true })
  const starting = startCluster({ listen: ownAddress(), name: NAME, port: PORT, log: say })
  const cluster = await Promise.race([starting, stopped])
  // Whoever stops it meanwhile need not wait: what was started ends with the container.
  if (!cluster) return
  const choice = new Choice()
  try {
    await Promise.race([fill(cluster, choice), stopped])
    await choice.keep(stopped)
  } finally {
    choice.giveBack()
    await cluster.stop()
  }
}

async function fill(cluster: Cluster, choice: Choice): Promise<void> {
  await applyDemo(cluster)
  choice.offer(await createIdentities(cluster))
  say('the servers use the demo cluster now; docker compose --profile demo down ends it')
}

function programs(): string {
  for (const folder of ['/ready', '/programs']) if (existsSync(`${folder}/kube-apiserver`)) return folder
  throw new Error(
    'There are no programs: this image was built for a folder of ready ones, and GATEHOUSE_TEST_BIN does not name it now.\n' +
      'Set it again, or compile them: docker compose --profile demo build demo-cluster',
  )
}

function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const own = all.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!own) throw new Error('This container has no network')
  return own.address
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
