import { Clusters } from '@gatehouse/kubernetes'
import { createSanitizer } from '@gatehouse/sanitizer'
import { createMetrics } from '@gatehouse/telemetry'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import {
  type Attempt,
  type AttemptStore,
  createExecutor,
  type ExecutionContext,
  type Operation,
  type OperationOutcome,
  type PlannedOperation,
  planOperations,
  type Timing,
} from '../src/index.ts'

export const quick: Timing = { send: 5_000, lost: 400, poll: 40, settle: 80 }

/** Attempts as one store keeps them, for any number of executors. */
export class MemoryAttempts implements AttemptStore {
  readonly kept: Attempt[] = []
  /** Set by a test: what has taken over. */
  fenced = false

  async load(index: number): Promise<Attempt | undefined> {
    return this.kept.filter((one) => one.index === index).at(-1)
  }

  async persist(attempt: Attempt): Promise<boolean> {
    const last = this.kept.findLast(({ index }) => index === attempt.index)
    if (!this.fenced && (!last || attempt.number > last.number)) this.kept.push(attempt)
    return !this.fenced
  }
}

export interface Bench {
  handle: ClusterHandle
  clusters: Clusters
  namespace: string
  plan(operation: Operation): Promise<PlannedOperation>
  execute(planned: PlannedOperation, how?: How): Promise<OperationOutcome>
  /** kubectl get -o json. */
  get(object: string): Promise<KubeJson>
}

// biome-ignore lint/suspicious/noExplicitAny: objects are asserted field by field
export type KubeJson = any

export interface How {
  attempts?: AttemptStore
  stillAllowed?: ExecutionContext['stillAllowed']
  signal?: AbortSignal
  timing?: Partial<Timing>
  clusters?: Clusters
}

export const allowed = async () => undefined

/** Clusters of a kubeconfig, as a server would have them. */
export function clustersOf(kubeconfig: string): Clusters {
  const sanitizer = createSanitizer({ key: 'operations-test-key' })
  return new Clusters({ kubeconfig, sanitizer, metrics: createMetrics() })
}

export async function bench(kubeconfig?: string): Promise<Bench> {
  const handle = await sharedCluster()
  const namespace = await handle.freshNamespace('ops')
  const clusters = clustersOf(kubeconfig ?? handle.kubeconfig)
  return {
    handle,
    clusters,
    namespace,
    async plan(operation) {
      const [planned] = await planOperations([operation], { clusters })
      if (!planned) throw new Error('nothing was planned')
      return planned
    },
    execute: (planned, how = {}) => executeWith(how.clusters ?? clusters, planned, how),
    get: async (object) =>
      JSON.parse(
        await handle.kubectl(['get', object, '-n', namespace, '-o', 'json', '--show-managed-fields']),
      ),
  }
}

function executeWith(
  clusters: Clusters,
  planned: PlannedOperation,
  { attempts = new MemoryAttempts(), stillAllowed = allowed, signal, timing }: How,
): Promise<OperationOutcome> {
  const executor = createExecutor({ clusters, timing: { ...quick, ...timing } })
  const context = { index: 0, stillAllowed }
  return executor.execute(planned, attempts, context, signal ?? new AbortController().signal)
}

/** A Deployment that kwok brings up at once. */
export function deployment(name: string, namespace: string, replicas = 2, image = 'nginx:1.27'): KubeJson {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image, env: [{ name: 'LEVEL', value: 'info' }] }] },
      },
    },
  }
}

/** Applies objects and waits until the named Deployments are up. */
export async function given({ handle, namespace }: Bench, ...objects: KubeJson[]): Promise<void> {
  await handle.apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'))
  for (const { kind, metadata } of objects) {
    if (kind !== 'Deployment' && kind !== 'StatefulSet') continue
    await handle.kubectl(['rollout', 'status', `${kind}/${metadata.name}`, '-n', namespace, '--timeout=60s'])
  }
}
