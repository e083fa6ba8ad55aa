import type { KubeObject } from '../client/cluster.ts'

/**
 * The fields this package looks at, as the API server writes them. Nearly all optional: objects come from any
 * version of Kubernetes, and a controller may have written half of one.
 */
export interface Pod extends KubeObject {
  spec?: PodSpec
  status?: {
    phase?: string
    reason?: string
    message?: string
    podIP?: string
    hostIP?: string
    qosClass?: string
    startTime?: string
    conditions?: Condition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

export interface PodSpec {
  containers?: Container[]
  initContainers?: Container[]
  volumes?: Volume[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  serviceAccountName?: string
  imagePullSecrets?: Named[]
  restartPolicy?: string
  priorityClassName?: string
  runtimeClassName?: string
  hostNetwork?: boolean
  readinessGates?: { conditionType: string }[]
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  env?: { name: string; value?: string; valueFrom?: EnvSource }[]
  envFrom?: { prefix?: string; configMapRef?: OptionalName; secretRef?: OptionalName }[]
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[]
  volumeDevices?: { name: string; devicePath: string }[]
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> }
  readinessProbe?: Probe
  livenessProbe?: Probe
  startupProbe?: Probe
  restartPolicy?: string
}

export interface EnvSource {
  configMapKeyRef?: OptionalName & { key: string }
  secretKeyRef?: OptionalName & { key: string }
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: { resource: string }
}

export interface Probe {
  httpGet?: { path?: string; port: string | number }
  tcpSocket?: { port: string | number }
  grpc?: { port: number }
  exec?: { command?: string[] }
  periodSeconds?: number
  timeoutSeconds?: number
  failureThreshold?: number
  initialDelaySeconds?: number
}

export interface Volume {
  name: string
  configMap?: OptionalName
  secret?: { secretName?: string; optional?: boolean }
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean }
  projected?: { sources?: { configMap?: OptionalName; secret?: OptionalName }[] }
  csi?: { driver?: string; nodePublishSecretRef?: Named }
  [source: string]: unknown
}

export interface ContainerStatus {
  name: string
  ready?: boolean
  started?: boolean
  restartCount?: number
  state?: ContainerState
  lastState?: ContainerState
}

export interface ContainerState {
  running?: { startedAt?: string }
  waiting?: { reason?: string; message?: string }
  terminated?: Termination
}

export interface Termination {
  exitCode?: number
  signal?: number
  reason?: string
  message?: string
  finishedAt?: string
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

export interface Named {
  name?: string
}

interface OptionalName extends Named {
  optional?: boolean
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

/** Deployment, ReplicaSet, StatefulSet, DaemonSet, Job: what runs pods from a template. */
export interface Workload extends KubeObject {
  spec?: {
    replicas?: number
    parallelism?: number
    completions?: number
    suspend?: boolean
    paused?: boolean
    serviceName?: string
    strategy?: Strategy
    updateStrategy?: Strategy
    selector?: LabelSelector
    template?: { metadata?: { labels?: Record<string, string> }; spec?: PodSpec }
    volumeClaimTemplates?: { metadata?: Named }[]
    [field: string]: unknown
  }
  status?: { conditions?: Condition[]; observedGeneration?: number; [field: string]: unknown }
}

export interface Strategy {
  type?: string
  rollingUpdate?: Record<string, string | number>
}

export interface CronJob extends KubeObject {
  spec?: { schedule?: string; suspend?: boolean; jobTemplate?: { spec?: Workload['spec'] } }
  status?: { lastScheduleTime?: string; lastSuccessfulTime?: string; active?: Named[] }
}

export interface Service extends KubeObject {
  spec?: {
    type?: string
    clusterIP?: string
    externalName?: string
    selector?: Record<string, string>
    ports?: ServicePort[]
    externalTrafficPolicy?: string
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

export interface ServicePort {
  name?: string
  port: number
  targetPort?: string | number
  nodePort?: number
  protocol?: string
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean }; addresses?: string[]; targetRef?: Named }[]
  ports?: { name?: string; port?: number }[]
}

export interface Ingress extends KubeObject {
  spec?: {
    ingressClassName?: string
    defaultBackend?: Backend
    tls?: { secretName?: string; hosts?: string[] }[]
    rules?: { host?: string; http?: { paths?: { path?: string; backend?: Backend }[] } }[]
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

export interface Backend {
  service?: { name: string; port?: { number?: number; name?: string } }
  resource?: { kind: string; name: string }
}

export interface KubeEvent extends KubeObject {
  type?: string
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string }
  involvedObject?: { kind?: string; name?: string; uid?: string; fieldPath?: string }
}
