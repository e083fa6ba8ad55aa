/** A question in kubectl's words, ready to be answered by the reads of shared/kubernetes. */
export type KubectlRead = { context?: string } & (
  | ListRead
  | ObjectRead
  | DescribeRead
  | LogsRead
  | TopRead
  | { verb: 'explain'; kind: string; apiVersion?: string; field?: string }
  | { verb: 'api-resources'; apiGroup?: string; namespaced?: boolean }
  | { verb: 'version' }
  | CanIRead
  | RolloutRead
)

export type ReadOutput = 'table' | 'wide' | 'yaml' | 'json' | 'name'

interface Where {
  kind: string
  apiVersion?: string
  namespace?: string
}

export interface ListRead extends Where {
  verb: 'list'
  allNamespaces?: boolean
  labelSelector?: string
  fieldSelector?: string
  output: ReadOutput
  showLabels?: boolean
}

/** One or several objects by name. */
export interface ObjectRead extends Where {
  verb: 'get'
  names: string[]
  output: ReadOutput
}

export interface DescribeRead extends Where {
  verb: 'describe'
  names: string[]
}

export interface LogsRead {
  verb: 'logs'
  name: string
  namespace?: string
  container?: string
  /** -1 is all that fits. */
  tail?: number
  since?: string
  previous?: boolean
}

export interface TopRead {
  verb: 'top'
  of: 'pods' | 'nodes'
  namespace?: string
  allNamespaces?: boolean
  labelSelector?: string
  name?: string
}

export interface CanIRead {
  verb: 'can-i'
  action: string
  kind: string
  apiVersion?: string
  name?: string
  subresource?: string
  namespace?: string
  allNamespaces?: boolean
}

export interface RolloutRead {
  verb: 'rollout'
  show: 'status' | 'history'
  kind: string
  apiVersion?: string
  name: string
  namespace?: string
}
