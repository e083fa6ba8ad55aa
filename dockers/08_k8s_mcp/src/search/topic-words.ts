// What readers type and neither title nor summary of a topic says: a reason as the cluster prints it, a word of daily use.
const FURTHER: Record<string, string> = {
  admission: 'webhook denied',
  autoscaling: 'autoscaler scale',
  'container-config-errors': 'CreateContainerConfigError RunContainerError',
  contexts: 'kubeconfig switch',
  'crash-loop': 'CrashLoopBackOff BackOff restart restarts restarting crash crashes crashing exit code',
  disruption: 'PodDisruptionBudget',
  evictions: 'Evicted pressure',
  'failing-jobs': 'BackoffLimitExceeded DeadlineExceeded',
  'how-approval-works': 'approve approvals approver reject pending request',
  'image-pull': 'ImagePullBackOff ErrImagePull InvalidImageName registry',
  'logs-and-events': 'log event',
  masks: 'redacted masked sanitizer digest',
  'network-policies': 'firewall deny allow',
  'node-maintenance': 'cordon uncordon drain',
  'out-of-memory': 'OOM OOMKilled 137',
  'pending-pods': 'Pending FailedScheduling Unschedulable',
  'persistent-volumes': 'claim disk storage pending',
  probes: 'liveness readiness startup Unhealthy',
  rbac: 'forbidden permission permissions rights',
  rollbacks: 'rollback undo revert revision',
  'service-without-endpoints': 'unreachable refused',
  'stuck-deletion': 'Terminating finalizer finalizers',
}

/** Further words a topic is found by. */
export function furtherWords(topic: string): string {
  return FURTHER[topic] ?? ''
}
