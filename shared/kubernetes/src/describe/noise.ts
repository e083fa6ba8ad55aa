import type { KubeObject } from '../client/cluster.ts'
import { isBuiltIn } from './kinds.ts'

/** What the API server fills in where the writer said nothing. Only values nobody ever looks for. */
const DEFAULTS: Record<string, readonly unknown[]> = {
  clusterIPs: ['*'],
  creationTimestamp: [null],
  defaultMode: [420],
  dnsPolicy: ['ClusterFirst'],
  enableServiceLinks: [true],
  internalTrafficPolicy: ['Cluster'],
  ipFamilies: ['*'],
  ipFamilyPolicy: ['SingleStack'],
  preemptionPolicy: ['PreemptLowerPriority'],
  priority: [0],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  scheme: ['HTTP'],
  serviceAccount: ['*'],
  sessionAffinity: ['None'],
  successThreshold: [1],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
}
// Empty here means "nothing said"; elsewhere (emptyDir, podSelector, ingress: []) it means something.
const EMPTY_IS_NOISE = new Set([
  'annotations',
  'labels',
  'loadBalancer',
  'resources',
  'securityContext',
  'status',
])
// Maps whose keys belong to the writer: a label called "protocol" is no field.
const WRITERS_OWN = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector', 'data', 'annotations'])
const API_ACCESS = /^kube-api-access-/
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The object as its writer would recognise it: without managedFields, server defaults and injected token mounts. */
export function withoutNoise(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object
  const { managedFields: _managed, annotations, ...ownMetadata } = metadata
  const { [LAST_APPLIED]: _last, ...written } = annotations ?? {}
  const group = apiVersion?.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
  const body = Object.entries(rest)
    .map(([key, value]): [string, unknown] => [key, isOurs(group, key) ? clean(value) : value])
    .filter(([key, value]) => !isNoise(key, value))
  return {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    metadata: { ...ownMetadata, ...(Object.keys(written).length > 0 && { annotations: written }) },
    ...Object.fromEntries(body),
  }
}

// In a custom resource the same names may mean anything.
function isOurs(group: string, key: string): boolean {
  return isBuiltIn(group) && (key === 'spec' || key === 'status')
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isInjected(item)).map(clean)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value)
    .map(([key, child]): [string, unknown] => [key, WRITERS_OWN.has(key) ? child : clean(child)])
    .filter(([key, child]) => !isNoise(key, child))
  return Object.fromEntries(kept)
}

function isNoise(key: string, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (EMPTY_IS_NOISE.has(key) && typeof value === 'object') return Object.keys(value).length === 0
  if (Array.isArray(value) && value.length === 0)
    return key === 'volumes' || key === 'volumeMounts' || key === 'tolerations'
  const defaults = Object.hasOwn(DEFAULTS, key) ? DEFAULTS[key] : undefined
  return defaults !== undefined && (defaults[0] === '*' || defaults.includes(value))
}

// The token volume and the two tolerations that admission adds to every pod.
function isInjected(item: unknown): boolean {
  if (item === null || typeof item !== 'object') return false
  const { name, key, tolerationSeconds } = item as {
    name?: unknown
    key?: unknown
    tolerationSeconds?: unknown
  }
  if (typeof name === 'string' && API_ACCESS.test(name)) return true
  return (
    tolerationSeconds === 300 &&
    (key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable')
  )
}
