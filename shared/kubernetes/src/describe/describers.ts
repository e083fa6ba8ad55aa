import type { Resource } from '../discovery/discovery.ts'
import { describeClaim } from './claim.ts'
import { describeCronJob } from './cron-job.ts'
import type { Describer } from './description.ts'
import { describeBudget, describeGeneric, describeQuota } from './generic.ts'
import { describeIngress } from './ingress.ts'
import { describeNode } from './node.ts'
import { describePod } from './pod.ts'
import { describeService } from './service.ts'
import { describeWorkload } from './workload.ts'

// Keyed by group and kind: a custom resource may be called Service too. Each describer names the view of the
// object it wants; the key is what makes that view right, which the type system cannot know.
const DESCRIBERS: Record<string, Describer<never>> = {
  '/Node': describeNode,
  '/PersistentVolumeClaim': describeClaim,
  '/Pod': describePod,
  '/ResourceQuota': describeQuota,
  '/Service': describeService,
  'apps/DaemonSet': describeWorkload,
  'apps/Deployment': describeWorkload,
  'apps/ReplicaSet': describeWorkload,
  'apps/StatefulSet': describeWorkload,
  'batch/CronJob': describeCronJob,
  'batch/Job': describeWorkload,
  'networking.k8s.io/Ingress': describeIngress,
  'policy/PodDisruptionBudget': describeBudget,
}

export function describerOf({ group, kind }: Resource): Describer {
  const key = `${group}/${kind}`
  return Object.hasOwn(DESCRIBERS, key) ? (DESCRIBERS[key] as unknown as Describer) : describeGeneric
}
