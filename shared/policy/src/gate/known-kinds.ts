/** Kinds the decision table lists and `explain` knows without a cluster. */
export interface KnownKind {
  kind: string
  group: string
  plural: string
  namespaced: boolean
  /** Words people use besides kind and plural. */
  short?: string[]
  /** It has replicas, rollouts or a pod to run something in. */
  can?: ('scale' | 'restart' | 'rollback' | 'evict' | 'exec')[]
}

const RBAC = 'rbac.authorization.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'
const inNamespace = (
  kind: string,
  group: string,
  plural: string,
  more: Partial<KnownKind> = {},
): KnownKind => ({
  kind,
  group,
  plural,
  namespaced: true,
  ...more,
})
const clusterWide = (kind: string, group: string, plural: string, short: string[] = []): KnownKind => ({
  kind,
  group,
  plural,
  namespaced: false,
  short,
})

export const KINDS: readonly KnownKind[] = [
  inNamespace('Pod', '', 'pods', { short: ['po'], can: ['evict', 'exec'] }),
  inNamespace('Deployment', 'apps', 'deployments', {
    short: ['deploy'],
    can: ['scale', 'restart', 'rollback'],
  }),
  inNamespace('StatefulSet', 'apps', 'statefulsets', {
    short: ['sts'],
    can: ['scale', 'restart', 'rollback'],
  }),
  inNamespace('DaemonSet', 'apps', 'daemonsets', { short: ['ds'], can: ['restart', 'rollback'] }),
  inNamespace('ReplicaSet', 'apps', 'replicasets', { short: ['rs'], can: ['scale'] }),
  inNamespace('Job', 'batch', 'jobs'),
  inNamespace('CronJob', 'batch', 'cronjobs', { short: ['cj'] }),
  inNamespace('ConfigMap', '', 'configmaps', { short: ['cm'] }),
  inNamespace('Service', '', 'services', { short: ['svc'] }),
  inNamespace('Ingress', 'networking.k8s.io', 'ingresses', { short: ['ing'] }),
  inNamespace('NetworkPolicy', 'networking.k8s.io', 'networkpolicies', { short: ['netpol'] }),
  inNamespace('PodDisruptionBudget', 'policy', 'poddisruptionbudgets', { short: ['pdb'] }),
  inNamespace('HorizontalPodAutoscaler', 'autoscaling', 'horizontalpodautoscalers', { short: ['hpa'] }),
  inNamespace('EndpointSlice', 'discovery.k8s.io', 'endpointslices'),
  inNamespace('ServiceAccount', '', 'serviceaccounts', { short: ['sa'] }),
  inNamespace('Secret', '', 'secrets'),
  inNamespace('PersistentVolumeClaim', '', 'persistentvolumeclaims', { short: ['pvc'] }),
  inNamespace('Role', RBAC, 'roles'),
  inNamespace('RoleBinding', RBAC, 'rolebindings'),
  clusterWide('Namespace', '', 'namespaces', ['ns']),
  clusterWide('Node', '', 'nodes', ['no']),
  clusterWide('PersistentVolume', '', 'persistentvolumes', ['pv']),
  clusterWide('StorageClass', 'storage.k8s.io', 'storageclasses', ['sc']),
  clusterWide('CustomResourceDefinition', 'apiextensions.k8s.io', 'customresourcedefinitions', ['crd']),
  clusterWide('ClusterRole', RBAC, 'clusterroles'),
  clusterWide('ClusterRoleBinding', RBAC, 'clusterrolebindings'),
  clusterWide('ValidatingWebhookConfiguration', ADMISSION, 'validatingwebhookconfigurations'),
  clusterWide('ValidatingAdmissionPolicy', ADMISSION, 'validatingadmissionpolicies'),
  clusterWide('CertificateSigningRequest', 'certificates.k8s.io', 'certificatesigningrequests', ['csr']),
  clusterWide('APIService', 'apiregistration.k8s.io', 'apiservices'),
]

/** The kind a word means, if it is among these. */
export function knownKind(word: string): KnownKind | undefined {
  const wanted = word.toLowerCase()
  return KINDS.find(({ kind, plural, group, short = [] }) =>
    [kind.toLowerCase(), plural, `${plural}.${group}`, `${kind.toLowerCase()}.${group}`, ...short].includes(
      wanted,
    ),
  )
}
