import { cutText } from '../cut-text.ts'
import { age } from '../describe/phrase.ts'
import type { Container, Workload } from '../describe/shapes.ts'
import { type FieldChange, fieldDiff } from '../diff/field-diff.ts'

export interface Revision {
  revision: number
  current: boolean
  replicaSet: string
  /** Ready of wanted. */
  replicas: string
  age: string
  images: string[]
  changeCause?: string
  /** From this revision's pod template to the current one's; what a rollback would take back. */
  differs: FieldChange[]
  /** Differences not shown. */
  more?: number
}

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'
const MOST_REVISIONS = 10
const MOST_CHANGES = 15

/** The revisions a Deployment can go back to, newest first, each with what differs between it and the current one. */
export function revisionsOf(deployment: Workload, replicaSets: readonly Workload[], now: number): Revision[] {
  const wanted = revisionOf(deployment)
  const sorted = [...replicaSets].sort((a, b) => revisionOf(b) - revisionOf(a))
  const current = sorted.find((set) => revisionOf(set) === wanted) ?? sorted[0]
  return sorted.slice(0, MOST_REVISIONS).map((set): Revision => {
    const isCurrent = set === current
    const changes = isCurrent ? [] : fieldDiff(templateOf(set), templateOf(current))
    const cause = set.metadata.annotations?.[CAUSE]
    return {
      revision: revisionOf(set),
      current: isCurrent,
      replicaSet: set.metadata.name,
      replicas: `${Number(set.status?.readyReplicas ?? 0)}/${set.spec?.replicas ?? 0}`,
      age: age(set.metadata.creationTimestamp, now),
      images: imagesOf(set),
      ...(cause && { changeCause: cutText(cause, 200) }),
      differs: changes.slice(0, MOST_CHANGES),
      ...(changes.length > MOST_CHANGES && { more: changes.length - MOST_CHANGES }),
    }
  })
}

function revisionOf(object: Workload): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0)
}

// The hash is derived from the rest, so it always differs and says nothing.
function templateOf(set: Workload | undefined): unknown {
  const { metadata, ...template } = set?.spec?.template ?? {}
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {}
  return { ...template, metadata: { ...metadata, labels } }
}

function imagesOf(set: Workload): string[] {
  const containers: Container[] = set.spec?.template?.spec?.containers ?? []
  return containers.map((one) => `${one.name}: ${one.image ?? '?'}`)
}
