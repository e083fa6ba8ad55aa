/** Where a change goes, as a caller says it. Always one named object: no selectors, lists or generated names. */
export interface OperationTarget {
  /** Context of the kubeconfig; omitted: the default one. */
  context?: string | undefined
  apiVersion?: string | undefined
  /** Kind, plural, singular or short name; discovery resolves it. */
  kind: string
  /** Omitted: the context's namespace. */
  namespace?: string | undefined
  name: string
}

export type PatchType = 'merge' | 'json' | 'strategic'

/** One typed change of one object. The only thing that is ever planned, approved and executed. */
export type Operation =
  | { type: 'create'; target: OperationTarget; object: Record<string, unknown> }
  | { type: 'apply'; target: OperationTarget; object: Record<string, unknown> }
  | { type: 'patch'; target: OperationTarget; patchType: PatchType; patch: unknown }
  | { type: 'scale'; target: OperationTarget; replicas: number }
  | { type: 'restart'; target: OperationTarget }
  | { type: 'rollback'; target: OperationTarget; revision?: number | undefined }
  | {
      type: 'delete'
      target: OperationTarget
      gracePeriodSeconds?: number | undefined
      propagation?: 'Background' | 'Foreground' | 'Orphan' | undefined
    }
  | { type: 'evict'; target: OperationTarget; gracePeriodSeconds?: number | undefined }
  | {
      type: 'exec'
      target: OperationTarget
      container?: string | undefined
      command: readonly string[]
      timeoutSeconds?: number | undefined
    }
  /** A compare-and-set of one server's default context in the store; no cluster is touched. */
  | { type: 'switchContext'; server: string; context: string }

export type OperationType = Operation['type']
