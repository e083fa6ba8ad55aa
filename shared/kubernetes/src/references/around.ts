import type { KubeObject } from '../client/cluster.ts'
import { kinds } from '../describe/kinds.ts'
import type { Reader } from '../describe/reader.ts'
import type { CronJob, Ingress, LabelSelector, Named, Pod, Service, Workload } from '../describe/shapes.ts'
import type { Resource } from '../discovery/discovery.ts'

interface ServiceAccount extends KubeObject {
  secrets?: Named[]
  imagePullSecrets?: Named[]
}

interface Autoscaler extends KubeObject {
  spec?: {
    scaleTargetRef?: { apiVersion?: string; kind: string; name: string }
    minReplicas?: number
    maxReplicas?: number
  }
}

interface Selecting extends KubeObject {
  spec?: { selector?: LabelSelector; podSelector?: LabelSelector }
}

interface Binding extends KubeObject {
  roleRef?: { kind: string; name: string }
  subjects?: { kind: string; name: string; namespace?: string }[]
}

/** The objects that may refer to a target; undefined where not asked for or not readable. */
export interface Around {
  pods?: Pod[]
  deployments?: Workload[]
  statefulSets?: Workload[]
  daemonSets?: Workload[]
  jobs?: Workload[]
  cronJobs?: CronJob[]
  services?: Service[]
  ingresses?: Ingress[]
  serviceAccounts?: ServiceAccount[]
  autoscalers?: Autoscaler[]
  budgets?: Selecting[]
  networkPolicies?: Selecting[]
  roleBindings?: Binding[]
  clusterRoleBindings?: Binding[]
}

type Part = keyof Around

const WORKLOADS: Part[] = ['pods', 'deployments', 'statefulSets', 'daemonSets', 'jobs', 'cronJobs']
const SELECTORS: Part[] = ['services', 'budgets', 'networkPolicies']

/** Which lists can hold a reference to a kind. What is not here is only owned, or scaled by an autoscaler. */
const ASKED: Record<string, Part[]> = {
  '/ConfigMap': WORKLOADS,
  '/Secret': [...WORKLOADS, 'ingresses', 'serviceAccounts'],
  '/PersistentVolumeClaim': WORKLOADS,
  '/ServiceAccount': [...WORKLOADS, 'roleBindings', 'clusterRoleBindings'],
  '/Service': [...WORKLOADS, 'ingresses'],
  '/Node': ['pods', 'deployments', 'jobs', 'cronJobs'],
  '/Pod': SELECTORS,
  'apps/Deployment': [...SELECTORS, 'autoscalers'],
  'apps/StatefulSet': [...SELECTORS, 'autoscalers'],
  'apps/ReplicaSet': [...SELECTORS, 'autoscalers'],
  'apps/DaemonSet': SELECTORS,
  'batch/Job': SELECTORS,
}

/** Reads all of them at once. Pods on a node are of every namespace, everything else is of the target's. */
export async function readAround(
  reader: Reader,
  { group, kind }: Resource,
  namespace: string | undefined,
  name: string,
): Promise<Around> {
  const parts = ASKED[`${group}/${kind}`] ?? ['autoscalers']
  const onNode = kind === 'Node' && group === ''
  const around: Around = {}
  const read = async <P extends Part>(part: P): Promise<void> => {
    const resource: Resource = kinds[part]
    const scope = resource.namespaced ? namespace : undefined
    const selection = {
      // A Node only needs to know that these exist, to name the owner of a pod.
      metadataOnly: onNode && part !== 'pods',
      ...(onNode && part === 'pods' && { fieldSelector: `spec.nodeName=${name}` }),
    }
    // The type of a part is what its kind's objects look like; `kinds` and Around share their keys.
    const found = await reader.list(resource, scope, selection)
    if (found) around[part] = found as NonNullable<Around[P]>
  }
  await Promise.all(parts.map(read))
  return around
}
