import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import { cutText } from '../cut-text.ts'
import { missing } from '../reads/get.ts'
import { defaultContainer, notStarted, unknownContainer } from './pod-containers.ts'

export interface LogSource {
  cluster: Cluster
  namespace: string
  pod: string
  container?: string | undefined
  previous?: boolean | undefined
  signal?: AbortSignal | undefined
}

export interface OpenLog {
  body: AsyncIterable<Buffer>
  container?: string
  /** Containers that were not read because none was named. */
  others: string[]
}

/**
 * Opens a container's log: one request, unless the pod has several containers and none is named. What the cluster
 * says about pods, containers and missing runs becomes an error that names the way on.
 */
export async function openLog(
  source: LogSource,
  query: Record<string, string | undefined>,
): Promise<OpenLog> {
  const { container } = source
  try {
    return { body: await request(source, query, container), others: [], ...(container && { container }) }
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    if (!error.message.startsWith('a container name must be specified')) throw await explained(source, error)
  }
  const { name, others } = defaultContainer(await readPod(source))
  try {
    return { body: await request(source, query, name), container: name, others }
  } catch (error) {
    throw error instanceof GatehouseError ? await explained({ ...source, container: name }, error) : error
  }
}

/** The error for a log that is empty because its container has not run; undefined when it simply is empty. */
export async function whyEmpty(source: LogSource): Promise<GatehouseError | undefined> {
  const reason = notStarted(await readPod(source), source.container)
  return reason === undefined ? undefined : notStartedError(source, reason)
}

async function request(
  { cluster, namespace, pod, previous, signal }: LogSource,
  query: Record<string, string | undefined>,
  container: string | undefined,
): Promise<AsyncIterable<Buffer>> {
  const resource = await cluster.discovery.resolve('Pod')
  return cluster.stream(pathOf(resource, namespace, pod, 'log'), {
    signal,
    query: { ...query, container, previous: previous ? 'true' : undefined },
  })
}

async function readPod({ cluster, namespace, pod, signal }: LogSource): Promise<KubeObject> {
  const resource = await cluster.discovery.resolve('Pod')
  return cluster.object(pathOf(resource, namespace, pod), { signal })
}

async function explained(source: LogSource, error: GatehouseError): Promise<GatehouseError> {
  const { cluster, namespace, pod, container, previous, signal } = source
  if (error.code === 'NOT_FOUND' && / not found$/.test(error.message)) {
    const resource = await cluster.discovery.resolve('Pod')
    return missing(cluster, resource, namespace, { kind: 'Pod', name: pod, signal })
  }
  if (error.code !== 'CLUSTER_REFUSED') return error
  if (container && / is not valid for pod /.test(error.message)) {
    return unknownContainer(await readPod(source), container)
  }
  if (/is waiting to start|ContainerCreating|PodInitializing/.test(error.message)) {
    return (await whyEmpty(source)) ?? notStartedError(source, error.message)
  }
  if (previous && /previous terminated container|no such file|not found/.test(error.message)) {
    return new GatehouseError('NOT_FOUND', `There is no previous run of ${nameOf(source)}`, {
      cause: error,
      hint: 'It has not restarted; call again without previous',
    })
  }
  return error
}

function notStartedError(source: LogSource, reason: string): GatehouseError {
  return new GatehouseError('NOT_FOUND', `${nameOf(source)} has written no log: ${cutText(reason, 400)}`, {
    quotesCluster: true,
    hint: 'Its events say more: infra.k8s.resources.describeResource of the pod',
  })
}

function nameOf({ namespace, pod, container }: LogSource): string {
  return `${container ? `container ${container} of ` : ''}pod ${namespace}/${pod}`
}
