import type { Operation } from '../operation.ts'

/** Operations whose effect the API server itself can rehearse. */
export type Rehearsed = Exclude<Operation, { type: 'exec' | 'switchContext' }>
