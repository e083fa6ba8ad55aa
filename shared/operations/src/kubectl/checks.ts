import type { OperationTarget } from '../operation.ts'

/** What a command takes for granted about the object it changes, and what it wants to learn from it. */
export type Check =
  /** `set image` of a name no container has would add one. */
  | { check: 'containers'; operation: number; target: OperationTarget; names: string[] }
  /** `label` and `annotate` do not change a value unless --overwrite says so. */
  | {
      check: 'absent'
      operation: number
      target: OperationTarget
      field: 'labels' | 'annotations'
      values: Record<string, string>
    }
  /** `expose` selects what the exposed object selects, and takes its port where none is given. */
  | { check: 'selector'; operation: number; target: OperationTarget }
