import { setTimeout as pause } from 'node:timers/promises'
import { MARKER } from '../../src/marker.ts'
import type { Fault } from '../faults/fault-proxy.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'
import type { Subject } from './subject.ts'

const MERGE = 'application/merge-patch+json'

/** Somebody else who works on the same object, at moments nobody expects. */
export async function meddle(
  { api }: Site,
  { path, collection, object }: Subject,
  random: Random,
): Promise<void> {
  const acts = random.below(4)
  for (let act = 0; act < acts; act++) {
    await pause(random.below(120))
    const patch = (metadata: object) => api('PATCH', path, { metadata }, MERGE)
    const kinds = object ? [0, 0, 0, 1, 2, 2, 3, 4] : [0, 0, 1]
    switch (random.pick(kinds)) {
      case 0:
        // What a controller keeps for itself: of no meaning.
        await patch({ annotations: { 'deployment.kubernetes.io/revision': String(random.below(1e9)) } })
        break
      case 1:
        await patch({ labels: { by: `other${random.below(1e9)}` } })
        break
      case 2:
        await patch({ annotations: { [MARKER]: null } })
        break
      case 3:
        await api('DELETE', path)
        break
      default:
        await api('DELETE', path)
        await api('POST', collection, object)
    }
  }
}

/**
 * Somebody who takes the mark off as soon as it is there, and puts the content back: whatever arrives a second time is
 * then a second effect that everybody can see.
 */
export async function wipe(
  { api, effects }: Site,
  { name, path, object }: Subject,
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    const last = effects.versions(name).at(-1)
    if (last?.type !== 'DELETED' && last?.mark !== undefined) {
      // An object that the change made is taken away again.
      if (!object) await api('DELETE', path)
      const back = object?.spec ? { spec: { replicas: 1 } } : { data: { a: '1' } }
      if (object) await api('PATCH', path, { metadata: { annotations: { [MARKER]: null } }, ...back }, MERGE)
    }
    await pause(5)
  }
}

/**
 * What the network does to the changes of one object. A creation that the network itself doubles is made again when its
 * object is deleted in between, whoever sends it: nothing in it can be bound to a version.
 */
export function faultsOf(random: Random, isNew: boolean) {
  return (): Fault => {
    // Looking for what became of a creation takes a second.
    const ms = random.below(isNew ? 1_800 : 300)
    return random.pick<Fault>([
      { kind: 'pass' },
      { kind: 'pass' },
      { kind: 'drop' },
      { kind: 'drop-response' },
      { kind: 'reset-mid-body' },
      { kind: 'late', ms },
      { kind: 'delay', ms },
      isNew ? { kind: 'late', ms } : { kind: 'duplicate', ms },
      { kind: 'answer', status: 429, arrives: false },
      { kind: 'answer', status: random.pick([500, 502, 503, 504] as const), arrives: true },
      { kind: 'answer', status: random.pick([502, 503, 504] as const), arrives: false },
    ])
  }
}
