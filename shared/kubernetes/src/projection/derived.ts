import type { KubeObject } from '../client/cluster.ts'
import { readPath, type Step } from './field-path.ts'
import type { Source, Value } from './value.ts'

/** Columns that no Table prints for every kind and that are made from the object. */
export const derived: Readonly<Record<string, (object: KubeObject, clean: Source['clean']) => Value>> = {
  images: (object, clean) => {
    const found = CONTAINERS.map((path) => readPath(object, path, clean)).find(
      (value) => Array.isArray(value) && value.length > 0,
    )
    return Array.isArray(found) ? [...new Set(found)] : []
  },
  owner: ({ metadata }) => {
    const owner = metadata.ownerReferences?.find((one) => one.controller) ?? metadata.ownerReferences?.[0]
    return owner ? `${owner.kind}/${owner.name}` : ''
  },
  labels: ({ metadata }, clean) => pairs(clean(metadata.labels ?? {})),
  annotations: ({ metadata }, clean) => pairs(clean(metadata.annotations ?? {})),
  created: ({ metadata }) => metadata.creationTimestamp ?? null,
  uid: ({ metadata }) => metadata.uid ?? null,
}

/** Derived columns that no kind prints, so that only objects can answer. */
export const neverPrinted: ReadonlySet<string> = new Set(['owner', 'labels', 'annotations', 'created', 'uid'])

// Pods, workloads with a template, CronJobs.
const CONTAINERS: Step[][] = [
  ['spec', 'containers', 'image'],
  ['spec', 'template', 'spec', 'containers', 'image'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 'image'],
]
const LONGEST_PAIR = 200

function pairs(map: Record<string, string>): string[] {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${value}`.slice(0, LONGEST_PAIR))
    .sort()
}
