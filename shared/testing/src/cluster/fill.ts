import { type Api, connectApi, create } from './api.ts'
import { eventually } from './eventually.ts'
import { loadEvent, loadPod } from './fill-shapes.ts'
import type { ClusterAddress } from './handle.ts'

/** How much to create; what is left out is not created. */
export type Fill = { pods?: 500 | 4900; events?: number }

const CONNECTIONS = 32

/**
 * Fills a cluster for the benchmark: 500 pods in `load`, or 4,900 over `load-1` to `load-10`, and events in
 * `events`. Pods come with their node named, so neither scheduler nor Deployment controller has to keep up.
 * Returns when every pod is Running.
 */
export async function fillCluster(cluster: ClusterAddress, { pods = 500, events = 0 }: Fill): Promise<void> {
  const api = await connectApi(cluster.dir, cluster.url, CONNECTIONS)
  try {
    const namespaces = pods === 500 ? ['load'] : Array.from({ length: 10 }, (_, index) => `load-${index + 1}`)
    await Promise.all(
      [...namespaces, ...(events ? ['events'] : [])].map((name) => createNamespace(api, name)),
    )
    const { items } = JSON.parse((await api.call('GET', '/api/v1/nodes')).text) as {
      items: { metadata: { name: string } }[]
    }
    const nodes = items.map((node) => node.metadata.name)
    await parallel(pods, (index) => {
      const namespace = namespaces[index % namespaces.length] ?? 'load'
      return create(api, `/api/v1/namespaces/${namespace}/pods`, loadPod(index, namespace, nodes))
    })
    await parallel(events, (index) =>
      create(api, '/api/v1/namespaces/events/events', loadEvent(index, nodes)),
    )
    for (const namespace of namespaces) await allRunning(api, namespace)
  } finally {
    api.close()
  }
}

async function createNamespace(api: Api, name: string): Promise<void> {
  await create(api, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const path = `/api/v1/namespaces/${name}/serviceaccounts/default`
  await eventually(`service account of ${name}`, async () => (await api.call('GET', path)).status === 200)
}

async function allRunning(api: Api, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods?fieldSelector=status.phase%3DPending&limit=1`
  await eventually(
    `pods of ${namespace} are running`,
    async () => (JSON.parse((await api.call('GET', path)).text) as { items: unknown[] }).items.length === 0,
    { timeout: 180_000, interval: 500 },
  )
}

/** Runs `work` for 0 … count - 1 with as many at once as there are connections. */
async function parallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
}
