import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '@gatehouse/kubernetes'
import { comparable } from '@gatehouse/kubernetes/planning'
import { MARKER } from '../marker.ts'
import type { OperationTarget } from '../operation.ts'
import type { PlannedOperation } from '../plan.ts'
import { mergePatchBetween } from './merge-patch-between.ts'
import type { Place } from './place.ts'
import { isRecord } from './plain-input.ts'
import { recreatable } from './recreatable.ts'
import type { Rehearsed } from './rehearsed.ts'

type Undo = PlannedOperation['undo']

const HIDDEN = 'What was there before holds secret values, and those are not kept'

/** What would take an operation back, made while both sides of it are known. */
export function undoFor(
  operation: Rehearsed,
  place: Place,
  live: KubeObject | undefined,
  after: KubeObject | undefined,
): Undo {
  const { context, kind, name } = place.target
  const target = {
    context,
    apiVersion: place.resource.apiVersion,
    kind,
    name,
    ...(place.namespace && { namespace: place.namespace }),
  }
  switch (operation.type) {
    case 'restart':
      return { refused: 'A restart cannot be taken back, and needs not be: nothing else was changed' }
    case 'evict':
      return { refused: 'An evicted pod does not come back; its owner has made another' }
    case 'scale':
      return { operations: [{ type: 'scale', target, replicas: Number(Object(live?.spec).replicas ?? 1) }] }
    case 'delete':
      return undoDelete(place, target, live)
    default:
      return live && after
        ? undoChange(place, target, live, after)
        : { operations: [{ type: 'delete', target }] }
  }
}

function undoDelete(place: Place, target: OperationTarget, live: KubeObject | undefined): Undo {
  const owner = live?.metadata.ownerReferences?.find(({ controller }) => controller)
  if (!live) return { refused: 'There was nothing before' }
  if (owner) return { refused: `${owner.kind} ${owner.name} makes a new one by itself` }
  const object = recreatable(comparable(live))
  if (!isWhole(place, object)) return { refused: HIDDEN }
  return { operations: [{ type: 'create', target, object }] }
}

function undoChange(place: Place, target: OperationTarget, live: KubeObject, after: KubeObject): Undo {
  const patch = mergePatchBetween(unmarked(after), unmarked(live))
  if (patch === undefined) return { refused: 'Nothing was changed that could be taken back' }
  const before = unmarked(live)
  if (wouldShow(patch, before, masked(place, before))) return { refused: HIDDEN }
  return { operations: [{ type: 'patch', target, patchType: 'merge', patch }] }
}

function unmarked(object: KubeObject): Record<string, unknown> {
  const plain = comparable(object)
  const { annotations = {}, ...metadata } = object.metadata
  const { [MARKER]: _mark, ...kept } = annotations
  return { ...plain, metadata: { ...(plain.metadata as typeof metadata), annotations: kept } }
}

function isWhole(place: Place, object: object): boolean {
  return isDeepStrictEqual(masked(place, object), object)
}

function masked({ cluster }: Place, object: object): unknown {
  return cluster.sanitizer.value(cluster.sanitizer.maskObject(object))
}

// Judged in the whole object, for a value may be known as a secret only by the fields around it.
function wouldShow(patch: unknown, whole: unknown, shown: unknown): boolean {
  if (patch === null) return false
  if (!isRecord(patch) || !isRecord(whole) || !isRecord(shown)) return !isDeepStrictEqual(whole, shown)
  return Object.keys(patch).some((key) => wouldShow(patch[key], whole[key], shown[key]))
}
