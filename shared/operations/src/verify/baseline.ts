import type { KubeObject } from '@gatehouse/kubernetes'
import { kinds, type Pod, Reader } from '@gatehouse/kubernetes/planning'
import type { Ground } from '../executor/ground.ts'

/** How things were before a change, to compare with afterwards. */
export interface Baseline {
  /** When the change was about to be sent, in milliseconds since 1970. */
  since: number
  /** Of the owner whose pod ends. */
  owner?: string
  /** Its pods then, by uid; absent where nobody looked before. */
  pods?: ReadonlySet<string>
  /** How many of them were ready. */
  ready: number
}

/** Looks at what the expectation will be measured against. `startedAt` where somebody else has sent it before. */
export async function baselineOf(ground: Ground, startedAt?: number): Promise<Baseline> {
  const base = { since: startedAt ?? Date.now(), ready: 1 }
  if (ground.planned.expectation.check !== 'replaced') return base
  const owner = ownerOf(ground.planned.before)
  if (!owner) return base
  if (startedAt !== undefined) return { ...base, owner }
  const pods = await podsOf(ground, owner)
  if (!pods) return { ...base, owner }
  const ready = Math.max(1, pods.filter(isReady).length)
  return { ...base, owner, ready, pods: new Set(pods.map(({ metadata }) => metadata.uid ?? '')) }
}

/** The pods of an owner, by its uid; undefined where they cannot be read. */
export async function podsOf(
  { planned, cluster, signal }: Ground,
  owner: string,
): Promise<Pod[] | undefined> {
  const reader = new Reader(cluster, signal)
  const all = await reader.list<Pod>(kinds.pods, planned.target.namespace)
  return all?.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner))
}

export function isReady({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp) return false
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
}

function ownerOf(before: Record<string, unknown> | undefined): string | undefined {
  const metadata = before?.metadata as KubeObject['metadata'] | undefined
  return metadata?.ownerReferences?.find(({ controller }) => controller)?.uid
}
