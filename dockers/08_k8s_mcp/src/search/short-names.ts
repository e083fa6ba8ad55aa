// As every cluster serves them; those of custom resources are known to the cluster alone.
const SHORT: Record<string, readonly string[]> = {
  ConfigMap: ['cm'],
  CronJob: ['cj'],
  CustomResourceDefinition: ['crd', 'crds'],
  DaemonSet: ['ds'],
  Deployment: ['deploy'],
  Endpoints: ['ep'],
  Event: ['ev'],
  HorizontalPodAutoscaler: ['hpa'],
  Ingress: ['ing'],
  LimitRange: ['limits'],
  Namespace: ['ns'],
  NetworkPolicy: ['netpol'],
  Node: ['no'],
  PersistentVolume: ['pv'],
  PersistentVolumeClaim: ['pvc'],
  Pod: ['po'],
  PodDisruptionBudget: ['pdb'],
  PriorityClass: ['pc'],
  ReplicaSet: ['rs'],
  ReplicationController: ['rc'],
  ResourceQuota: ['quota'],
  Service: ['svc'],
  ServiceAccount: ['sa'],
  StatefulSet: ['sts'],
  StorageClass: ['sc'],
}

/** `Deployment`: deploy. */
export function shortNamesOf(kind: string): readonly string[] {
  return SHORT[kind] ?? []
}

/** Whether somebody who writes `word` means this kind: by its name, its plural or a short name. */
export function namesKind(word: string, kind: string): boolean {
  const [asked, name] = [word.toLowerCase(), kind.toLowerCase()]
  const plurals = [`${name}s`, `${name}es`, name.replace(/y$/, 'ies')]
  return asked === name || plurals.includes(asked) || shortNamesOf(kind).includes(asked)
}
