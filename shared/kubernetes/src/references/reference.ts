import type { KubeObject } from '../client/cluster.ts'

/** One use of an object by another. */
export interface Reference {
  kind: string
  name: string
  /** Set where it is not the target's own. */
  namespace?: string
  /** `volume`, `env`, `envFrom`, `selector`, `backend`, … */
  how: string
  /** Containers that really use it. */
  containers?: string[]
  detail?: string
}

/** What is looked for. */
export interface Wanted {
  kind: string
  /** API group, so that a custom resource of the same kind is not mistaken for ours. */
  group: string
  name: string
  /** Undefined when the object does not exist: names can still point to it. */
  object: KubeObject | undefined
}
