import type { KubeObject } from '../client/cluster.ts'
import type { Explained, Subject } from './description.ts'
import { kinds } from './kinds.ts'
import { names, oneLine } from './phrase.ts'
import { podState } from './pod-rows.ts'
import { parseQuantity, quantityText } from './quantity.ts'
import type { Condition, Pod } from './shapes.ts'

export interface Node extends KubeObject {
  spec?: {
    unschedulable?: boolean
    taints?: { key: string; value?: string; effect: string }[]
    podCIDR?: string
  }
  status?: {
    allocatable?: Record<string, string>
    conditions?: Condition[]
    addresses?: { type: string; address: string }[]
    nodeInfo?: {
      kubeletVersion?: string
      osImage?: string
      architecture?: string
      containerRuntimeVersion?: string
    }
  }
}

const CROWDED = 0.9

/** A Node: whether it is well, what may run there, and how much of it its pods have asked for. */
export async function describeNode({ object, reader }: Subject<Node>): Promise<Explained> {
  const { spec = {}, status = {} } = object
  const use = { pods: 0, cpu: 0, memory: 0 }
  const unwell: string[] = []
  const namespaces = new Map<string, number>()
  const selection = { fieldSelector: `spec.nodeName=${object.metadata.name}` }
  const seen = await reader.each<Pod>(kinds.pods, undefined, selection, (pod) => {
    const { namespace = '', name } = pod.metadata
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return
    use.pods++
    use.cpu += requestOf(pod, 'cpu')
    use.memory += requestOf(pod, 'memory')
    namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + 1)
    const state = podState(pod)
    if (!state.startsWith('Running, ready')) unwell.push(`${namespace}/${name}: ${state}`)
  })
  const room = (['pods', 'cpu', 'memory'] as const).map((what) => {
    const most = parseQuantity(status.allocatable?.[what])
    const text = (value: number) => quantityText(value, what === 'memory')
    const share = most > 0 ? use[what] / most : 0
    return { what, share, text: `${text(use[what])} of ${text(most)} (${Math.round(share * 100)} %)` }
  })
  return {
    facts: {
      addresses: status.addresses?.map((one) => `${one.type} ${one.address}`),
      version: status.nodeInfo?.kubeletVersion,
      system: [
        status.nodeInfo?.osImage,
        status.nodeInfo?.architecture,
        status.nodeInfo?.containerRuntimeVersion,
      ]
        .filter(Boolean)
        .join(', '),
      taints: spec.taints?.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
      unschedulable: spec.unschedulable,
      allocatable: status.allocatable,
      requested: seen ? Object.fromEntries(room.map(({ what, text }) => [what, text])) : undefined,
      podsByNamespace: seen ? mostFirst(namespaces) : undefined,
      podsNotReady: unwell.length > 0 ? unwell.sort().slice(0, 10) : undefined,
    },
    findings: [
      ...readyFinding(status.conditions),
      ...(spec.unschedulable ? ['Is cordoned: the scheduler puts no new pods here'] : []),
      ...room
        .filter(({ share }) => seen && share >= CROWDED)
        .map(({ what, text }) => `Its ${what} is nearly all requested: ${text}`),
      ...(unwell.length > 0
        ? [`${unwell.length} of its pods ${unwell.length === 1 ? 'is' : 'are'} not ready: ${names(unwell)}`]
        : []),
    ],
    saidConditions: ['Ready'],
  }
}

function readyFinding(conditions: readonly Condition[] | undefined): string[] {
  const ready = conditions?.find((condition) => condition.type === 'Ready')
  if (ready?.status === 'True') return []
  const lost = ready?.status === 'Unknown' ? ': its kubelet no longer reports' : ''
  return [
    `Is not ready${lost}${ready?.reason ? ` (${ready.reason})` : ''}${ready?.message ? `: ${oneLine(ready.message)}` : ''}`,
  ]
}

// The scheduler counts the containers together, or one init container where that asks for more.
function requestOf(pod: Pod, what: string): number {
  const ask = (one: { resources?: { requests?: Record<string, string> } }) =>
    parseQuantity(one.resources?.requests?.[what] ?? 0)
  const together = (pod.spec?.containers ?? []).reduce((sum, one) => sum + ask(one), 0)
  return Math.max(together, ...(pod.spec?.initContainers ?? []).map(ask))
}

function mostFirst(counts: Map<string, number>): Record<string, number> {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return Object.fromEntries(sorted.slice(0, 10))
}
