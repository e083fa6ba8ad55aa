import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import type { ConditionView } from './conditions.ts'
import type { MergedEvent } from './events.ts'
import type { Reader } from './reader.ts'
import type { KubeEvent } from './shapes.ts'

/** One object explained. */
export interface Description {
  target: Target
  apiVersion: string
  kind: string
  name: string
  age: string
  /** Plain sentences: what is wrong, and where to look. Empty: nothing found wrong. */
  findings: string[]
  /** What matters of this kind, in sections. */
  facts: Record<string, unknown>
  conditions: ConditionView[]
  /** Controlling owners, nearest first. */
  owners: Related[]
  /** Objects this one owns. */
  dependents: Related[]
  events: MergedEvent[]
  note?: string
}

export interface Related {
  kind: string
  name: string
  state?: string | undefined
}

/** What a describer gets: the object, its events, and a reader for what is around it. */
export interface Subject<T extends KubeObject = KubeObject> {
  cluster: Cluster
  resource: Resource
  object: T
  namespace: string | undefined
  events: KubeEvent[]
  reader: Reader
  now: number
}

/** What a describer adds. */
export interface Explained {
  facts: Record<string, unknown>
  findings: string[]
  dependents?: Related[]
  /** Events of other objects that explain this one. */
  events?: KubeEvent[]
  /** Conditions the findings already speak about. */
  saidConditions?: string[]
}

export type Describer<T extends KubeObject = KubeObject> = (subject: Subject<T>) => Promise<Explained>
