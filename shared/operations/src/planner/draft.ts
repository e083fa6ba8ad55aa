import type { KubeObject } from '@gatehouse/kubernetes'
import type { Operation } from '../operation.ts'
import type { Expectation, FrozenRequest, PlannedChange } from '../plan.ts'
import type { Place } from './place.ts'

export type Step = { op: string; path: string; value?: unknown; from?: string }

/** What one type of operation makes of a target, before the API server has rehearsed it. */
export interface Draft {
  request: FrozenRequest
  /** What the caller supplied, to know which secrets are his. */
  given: unknown
  /** The steps, where the caller wrote a JSON patch. */
  steps?: readonly Step[]
  title: string
  expectation: (after: KubeObject | undefined, changes: readonly PlannedChange[]) => Expectation
  typedName: boolean
  /** What the API server answers: the object, its Scale, or nothing that can be compared. */
  image: 'object' | 'scale' | 'none'
  /** The object before, where it is not the target itself but its Scale. */
  scaleBefore?: KubeObject
  warnings?: string[]
}

export type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>

/** What every draft begins with. */
export interface Drafting {
  place: Place
  /** Undefined where the object does not exist. */
  live: KubeObject | undefined
  marker: string
  /** The moment of planning: the only time that may enter a request. */
  now: Date
}

/** `deployment web in shop` */
export function nameOf({ resource, namespace, name }: Place): string {
  return `${resource.kind} ${name}${namespace ? ` in ${namespace}` : ''}`
}

/** Query of every write: who wrote, and that unknown fields are errors. */
export const WRITER = { fieldManager: 'gatehouse', fieldValidation: 'Strict' }
