import { randomBytes } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { comparable, type WholeChange, wholeDiff } from '@gatehouse/kubernetes/planning'
import { isMarked, MARKER } from '../marker.ts'
import { digestOfMeaning, meaningOf } from '../meaning.ts'
import type { PlannedOperation } from '../plan.ts'
import { bindingOf } from './binding.ts'
import { commandOf } from './command.ts'
import { dependentsOf } from './dependents.ts'
import { nameOf } from './draft.ts'
import { draftOf } from './drafts.ts'
import { factsFor } from './facts-for.ts'
import { impactOf } from './impact/impact-of.ts'
import { intentOf } from './intent.ts'
import { type Outlook, outlookOf } from './outlook.ts'
import type { Place } from './place.ts'
import type { Rehearsed } from './rehearsed.ts'
import { surroundingsOf } from './surroundings.ts'
import { undoFor } from './undo-for.ts'

/** Plans one operation whose effect the API server can rehearse. */
export async function planOperation(
  operation: Rehearsed,
  place: Place,
  found: KubeObject | undefined,
  now: Date,
): Promise<PlannedOperation> {
  const marker = randomBytes(16).toString('hex')
  const salt = randomBytes(16).toString('hex')
  const seen = await outlookOf({ place, live: found, marker, now }, salt, (drafting) =>
    draftOf(operation, drafting),
  )
  const { draft, live, after, postImageDigest } = seen
  const { request } = draft
  const changes = await changesOf(place, seen, marker)
  const going = operation.type === 'delete' ? await dependentsOf(place, live) : []
  const impact = await impactOf(
    operation,
    place,
    { live, after, changes },
    { ...(await surroundingsOf(place, live)), going },
  )
  return {
    type: operation.type,
    target: place.target,
    intent: intentOf(operation, place.target),
    marker,
    salt,
    ...(live?.metadata.uid && { uid: live.metadata.uid }),
    ...(live && { baseDigest: digestOfMeaning(salt, meaningOf(live, request.body)) }),
    ...(live?.metadata.resourceVersion && { resourceVersion: live.metadata.resourceVersion }),
    binding: bindingOf(place.target.group, place.target.resource),
    ...(postImageDigest && { postImageDigest }),
    request,
    changes,
    warnings: [...(draft.warnings ?? []), ...seen.warnings].map(seen.scrub),
    impact: impact.map(seen.scrub),
    command: commandOf(
      operation,
      place,
      changes.some(({ hidden }) => hidden),
    ),
    title: draft.title,
    expectation: draft.expectation(after, changes),
    typedName: draft.typedName,
    ...(live && { before: maskedBefore(place, live) }),
    undo: undoFor(operation, place, draft.scaleBefore ?? live, after),
    facts: await factsFor(operation, place, { before: draft.scaleBefore ?? live, after, going }),
  }
}

async function changesOf(
  place: Place,
  { draft, live, after, traced }: Outlook,
  marker: string,
): Promise<WholeChange[]> {
  if (!after) return []
  const before = draft.image === 'scale' ? draft.scaleBefore : live
  const meant = withMark(after, before?.metadata.annotations?.[MARKER])
  const changes = await wholeDiff(place.cluster.sanitizer, before, meant, draft.given, traced)
  if (live && changes.length === 0) {
    throw new GatehouseError('NO_CHANGE', `${nameOf(place)} is already as asked`)
  }
  if (!isMarked(after, marker)) return changes
  return [...changes, { path: `metadata.annotations["${MARKER}"]`, after: marker }]
}

// Every change brings its own mark, which alone is no change.
function withMark(object: KubeObject, mark: string | undefined): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata
  const { [MARKER]: _own, ...others } = annotations
  const kept = mark === undefined ? others : { ...others, [MARKER]: mark }
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
  }
}

function maskedBefore({ cluster }: Place, live: KubeObject): Record<string, unknown> {
  const masked = cluster.sanitizer.maskObject(comparable(live))
  return cluster.sanitizer.value(masked) as Record<string, unknown>
}
