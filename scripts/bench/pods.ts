import { type ClusterHandle, eventually } from '@gatehouse/testing'
import { connectApi, create } from '../../shared/testing/src/cluster/api.ts'
import { loadPod } from '../../shared/testing/src/cluster/fill-shapes.ts'

const CONNECTIONS = 32

/** Creates a namespace with pods as fillCluster makes them, and waits until all are running. */
export async function createPods(cluster: ClusterHandle, namespace: string, count: number): Promise<void> {
  const nodes = (await cluster.kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n')
  const names = nodes.map((node) => node.replace('node/', ''))
  await cluster.kubectl(['create', 'namespace', namespace])
  await eventually('service account', () =>
    cluster.kubectl(['get', 'serviceaccount', 'default', '-n', namespace]).then(() => true),
  )
  const api = await connectApi(cluster.dir, cluster.url, CONNECTIONS)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      await create(api, `/api/v1/namespaces/${namespace}/pods`, loadPod(next++, namespace, names))
    }
  }
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  } finally {
    api.close()
  }
  const pending = ['get', 'pods', '-n', namespace, '--field-selector', 'status.phase!=Running', '-o', 'name']
  await eventually('pods are running', async () => (await cluster.kubectl(pending)) === '', {
    timeout: 300_000,
    interval: 500,
  })
}
