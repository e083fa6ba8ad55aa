import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { KubeObject } from '../client/cluster.ts'

interface Container {
  name: string
}

interface ContainerStatus {
  name: string
  state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: object }
}

interface PodShape {
  spec?: { containers?: Container[]; initContainers?: Container[]; ephemeralContainers?: Container[] }
  status?: {
    phase?: string
    reason?: string
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    ephemeralContainerStatuses?: ContainerStatus[]
  }
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** The container to read where none was named, and the others. */
export function defaultContainer(pod: KubeObject): { name: string; others: string[] } {
  const { containers = [] } = shapeOf(pod).spec ?? {}
  const all = containerNames(pod)
  const wished = pod.metadata.annotations?.[DEFAULT_CONTAINER]
  const name = all.find((one) => one === wished) ?? containers[0]?.name ?? ''
  return { name, others: all.filter((one) => one !== name) }
}

/** Names of containers, init and ephemeral ones last. */
function containerNames(pod: KubeObject): string[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = shapeOf(pod).spec ?? {}
  return [...containers, ...initContainers, ...ephemeralContainers].map((one) => one.name)
}

export function unknownContainer(pod: KubeObject, asked: string): GatehouseError {
  const names = containerNames(pod)
  const near = nearest(asked, names)
  const text = `Pod ${pod.metadata.name} has no container "${asked}"${didYouMean(near)}`
  return new GatehouseError('NOT_FOUND', text, {
    hint: `Its containers are: ${names.join(', ')}`,
    data: { nearest: near, containers: names },
  })
}

/** Why a container has not written anything yet, or undefined when it has run. */
export function notStarted(pod: KubeObject, container: string | undefined): string | undefined {
  const { status = {} } = shapeOf(pod)
  const scheduled = status.conditions?.find((one) => one.type === 'PodScheduled')
  if (scheduled?.status === 'False') return `not scheduled: ${scheduled.message ?? scheduled.reason ?? ''}`
  const statuses = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ]
  const name = container ?? defaultContainer(pod).name
  const waiting = statuses.find((one) => one.name === name)?.state?.waiting
  if (waiting) return `waiting: ${[waiting.reason, waiting.message].filter(Boolean).join(': ')}`
  return status.phase === 'Pending' ? 'pending' : undefined
}

function shapeOf(pod: KubeObject): PodShape {
  // Objects are untyped; every field of the shape is optional.
  return pod as PodShape
}
