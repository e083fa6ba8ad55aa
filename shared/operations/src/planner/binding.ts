import { isBuiltIn } from '@gatehouse/kubernetes/planning'

// What controllers write to all the time, mostly its status.
const BUSY = new Set([
  'apps/deployments',
  'apps/statefulsets',
  'apps/daemonsets',
  'apps/replicasets',
  'batch/jobs',
  'batch/cronjobs',
  'autoscaling/horizontalpodautoscalers',
  'policy/poddisruptionbudgets',
  '/pods',
  '/replicationcontrollers',
  '/nodes',
  '/persistentvolumeclaims',
])

/**
 * How strictly an approval holds to the object it saw. Workloads and custom resources change their status under one's
 * hands: for them the meaning must be the same. What only people and tools write must not have moved at all.
 */
export function bindingOf(group: string, plural: string): 'strict' | 'semantic' {
  return BUSY.has(`${group}/${plural}`) || !isBuiltIn(group) ? 'semantic' : 'strict'
}
