import type { Resource } from '../discovery/discovery.ts'

/** Kinds every supported cluster serves under these paths: reading them needs no discovery first. */
export const kinds = {
  pods: builtIn('v1', 'Pod', 'pods'),
  services: builtIn('v1', 'Service', 'services'),
  configMaps: builtIn('v1', 'ConfigMap', 'configmaps'),
  secrets: builtIn('v1', 'Secret', 'secrets'),
  serviceAccounts: builtIn('v1', 'ServiceAccount', 'serviceaccounts'),
  claims: builtIn('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  events: builtIn('v1', 'Event', 'events'),
  deployments: builtIn('apps/v1', 'Deployment', 'deployments'),
  replicaSets: builtIn('apps/v1', 'ReplicaSet', 'replicasets'),
  statefulSets: builtIn('apps/v1', 'StatefulSet', 'statefulsets'),
  daemonSets: builtIn('apps/v1', 'DaemonSet', 'daemonsets'),
  jobs: builtIn('batch/v1', 'Job', 'jobs'),
  cronJobs: builtIn('batch/v1', 'CronJob', 'cronjobs'),
  endpointSlices: builtIn('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  ingresses: builtIn('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  ingressClasses: builtIn('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', false),
  networkPolicies: builtIn('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  autoscalers: builtIn('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  budgets: builtIn('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  storageClasses: builtIn('storage.k8s.io/v1', 'StorageClass', 'storageclasses', false),
  roleBindings: builtIn('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  clusterRoleBindings: builtIn(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    'clusterrolebindings',
    false,
  ),
} as const

function builtIn(apiVersion: string, kind: string, plural: string, namespaced = true): Resource {
  const [group = '', version = apiVersion] = apiVersion.includes('/') ? apiVersion.split('/') : ['']
  const singular = kind.toLowerCase()
  const verbs = ['get', 'list']
  return {
    group,
    version,
    apiVersion,
    kind,
    plural,
    singular,
    shortNames: [],
    categories: [],
    namespaced,
    verbs,
  }
}

/** Kinds of Kubernetes itself; everything else is a custom resource or an aggregated API. */
export function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io')
}
