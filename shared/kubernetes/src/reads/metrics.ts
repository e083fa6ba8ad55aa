import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { parseQuantity } from '../describe/quantity.ts'
import type { Resource } from '../discovery/discovery.ts'
import type { Fields } from '../table/rows.ts'
import type { Listing } from './list.ts'
import { checkNamespaceExists } from './list-scope.ts'
import { mebiBytes, milliCores } from './metrics-units.ts'

export interface MetricsQuery {
  namespace?: string | undefined
  allNamespaces?: boolean | undefined
  labelSelector?: string | undefined
  signal?: AbortSignal | undefined
}

interface Usage {
  cpu: number
  memory: number
}

interface Measured extends Usage {
  row: Fields
}

/** What pods use now, most CPU first. Throws METRICS_ABSENT where the cluster measures nothing. */
export async function topPods(cluster: Cluster, query: MetricsQuery): Promise<Listing> {
  const { signal, labelSelector } = query
  const resource = await metricsResource(cluster, 'podmetrics', signal)
  const namespace = query.allNamespaces ? undefined : (query.namespace ?? cluster.namespace)
  const measured: Measured[] = []
  await eachMetric(cluster, pathOf(resource, namespace), { labelSelector, signal }, (object) => {
    const usage = containersOf(object).reduce(add, { cpu: 0, memory: 0 })
    const place = namespace === undefined && { namespace: object.metadata.namespace ?? '' }
    measured.push({ ...usage, row: { name: object.metadata.name, ...place, ...printed(usage) } })
  })
  if (measured.length === 0 && namespace) await checkNamespaceExists(cluster, namespace, { signal })
  return listing(cluster, measured, namespace ?? '*')
}

/** What nodes use now and how much of what they can give that is, most CPU first. */
export async function topNodes(cluster: Cluster, query: MetricsQuery): Promise<Listing> {
  const { signal, labelSelector } = query
  const resource = await metricsResource(cluster, 'nodemetrics', signal)
  const measured: Measured[] = []
  const [allocatable] = await Promise.all([
    allocatableByNode(cluster, labelSelector, signal),
    eachMetric(cluster, pathOf(resource), { labelSelector, signal }, (object) => {
      const usage = usageOf((object as { usage?: Record<string, string> }).usage)
      measured.push({ ...usage, row: { name: object.metadata.name } })
    }),
  ])
  for (const one of measured) {
    const whole = allocatable.get(String(one.row.name))
    one.row = {
      ...one.row,
      cpu: milliCores(one.cpu),
      cpuPercent: percent(one.cpu, whole?.cpu),
      memory: mebiBytes(one.memory),
      memoryPercent: percent(one.memory, whole?.memory),
    }
  }
  return listing(cluster, measured, '')
}

async function metricsResource(
  cluster: Cluster,
  kind: 'podmetrics' | 'nodemetrics',
  signal: AbortSignal | undefined,
): Promise<Resource> {
  try {
    return await cluster.discovery.resolve(`${kind}.metrics.k8s.io`, undefined, signal)
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'UNKNOWN_KIND') {
      throw new GatehouseError('METRICS_ABSENT', undefined, { cause: error })
    }
    throw error
  }
}

async function eachMetric(
  cluster: Cluster,
  path: string,
  { labelSelector, signal }: Pick<MetricsQuery, 'labelSelector' | 'signal'>,
  each: (object: KubeObject) => void,
): Promise<void> {
  try {
    await cluster.eachObject(path, { signal, query: { labelSelector } }, (object) => {
      each(object)
      return true
    })
  } catch (error) {
    // The API server answers 503 or 404 for an aggregated API whose server does not run.
    const gone = error instanceof GatehouseError && (error.http === 503 || error.code === 'NOT_FOUND')
    if (!gone || !/unable to handle|could not find|not available|not ready/.test(error.message)) throw error
    const text = 'metrics.k8s.io is registered in this cluster, but its server does not answer'
    throw new GatehouseError('METRICS_ABSENT', text, {
      cause: error,
      hint: 'Look at metrics-server in kube-system',
    })
  }
}

async function allocatableByNode(
  cluster: Cluster,
  labelSelector: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<string, Usage>> {
  const nodes = new Map<string, Usage>()
  const path = pathOf(await cluster.discovery.resolve('Node'))
  try {
    await cluster.eachObject(path, { signal, query: { labelSelector } }, (node) => {
      const { status } = node as { status?: { allocatable?: Record<string, string> } }
      nodes.set(node.metadata.name, usageOf(status?.allocatable))
      return true
    })
  } catch (error) {
    // Usage without percentages is still an answer.
    if (!(error instanceof GatehouseError) || error.code !== 'FORBIDDEN') throw error
  }
  return nodes
}

function listing(cluster: Cluster, measured: Measured[], namespace: string): Listing {
  measured.sort((a, b) => b.cpu - a.cpu || b.memory - a.memory || (keyOf(a) < keyOf(b) ? -1 : 1))
  return {
    target: cluster.target(namespace),
    total: measured.length,
    items: measured.map((one) => one.row),
    resourceVersion: '',
    forbidden: [],
    columns: Object.keys(measured[0]?.row ?? {}),
  }
}

function keyOf({ row }: Measured): string {
  return `${row.namespace ?? ''}/${row.name}`
}

function containersOf(object: KubeObject): Usage[] {
  const { containers } = object as { containers?: { usage?: Record<string, string> }[] }
  return (containers ?? []).map((one) => usageOf(one.usage))
}

function usageOf(usage: Record<string, string> | undefined): Usage {
  return { cpu: parseQuantity(usage?.cpu) || 0, memory: parseQuantity(usage?.memory) || 0 }
}

function printed({ cpu, memory }: Usage): Fields {
  return { cpu: milliCores(cpu), memory: mebiBytes(memory) }
}

function add(a: Usage, b: Usage): Usage {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory }
}

function percent(part: number, whole: number | undefined): string {
  return whole ? `${Math.round((100 * part) / whole)}%` : ''
}
