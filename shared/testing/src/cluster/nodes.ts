import { type Api, create } from './api.ts'

/** Room for the scale fixtures: three nodes hold 3,840 pods of 50m CPU, the rest stay Pending with a real message. */
const CAPACITY = { cpu: '64', memory: '256Gi', pods: '3000', 'ephemeral-storage': '1Ti' }

/** Registers nodes as their kubelets would; kwok then keeps them Ready. */
export async function createNodes(api: Api, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) => create(api, '/api/v1/nodes', node(index + 1))),
  )
}

function node(number: number): object {
  const name = `node-${number}`
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'node.kubernetes.io/instance-type': 'test-64',
    'topology.kubernetes.io/region': 'test',
    'topology.kubernetes.io/zone': `test-${'abc'[(number - 1) % 3]}`,
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    // Some controllers need a provider id, and the node controller a capacity before the first heartbeat.
    spec: { providerID: `kwok://test/${name}` },
    status: { capacity: CAPACITY, allocatable: CAPACITY },
  }
}

/** True when every node says Ready and no longer carries the taint of a new node. */
export async function nodesReady(api: Api, count: number, controllers: boolean): Promise<boolean> {
  type Item = {
    spec: { taints?: { key: string }[] }
    status: { conditions?: { type: string; status: string }[] }
  }
  const { items } = JSON.parse((await api.call('GET', '/api/v1/nodes')).text) as { items: Item[] }
  const ready = items.filter(
    ({ spec, status }) =>
      status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') &&
      !(controllers && spec.taints?.some(({ key }) => key === 'node.kubernetes.io/not-ready')),
  )
  return ready.length >= count
}
