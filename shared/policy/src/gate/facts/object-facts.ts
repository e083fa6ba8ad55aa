import type { ChangeType, ObjectFacts } from '../../facts.ts'
import { changedPaths } from './changed-paths.ts'
import { grantFacts } from './grants.ts'
import { podSpecFacts } from './pod-spec-facts.ts'
import { podSpecsIn } from './pod-specs.ts'
import { isSame, isTree, type Tree, textAt, treeAt } from './tree.ts'

/** The object a change is about; both unmasked and whole, as the API server has them. */
export interface ObjectsOfChange {
  type: ChangeType
  group: string
  kind: string
  /** As stored. Undefined where it does not exist. */
  before: unknown
  /** As the server's dry run says it becomes. Undefined for delete, evict and exec. */
  after: unknown
}

/**
 * The facts about a change that stand in the object itself, before and after: what a patch or a manifest only seems to
 * leave alone is seen here. Throws RangeError for objects nested deeper than any API allows.
 */
export function objectFacts({ type, group, kind, before, after }: ObjectsOfChange): ObjectFacts {
  const removed = after === undefined
  const now = removed ? before : after
  const isNode = group === '' && kind === 'Node'
  const paths = removed ? [] : changedPaths(before, after)
  return {
    exists: before !== undefined,
    changedPaths: paths,
    finalizersChanged:
      !removed &&
      (differs(before, now, 'metadata', 'finalizers') || differs(before, now, 'spec', 'finalizers')),
    ownersChanged: !removed && differs(before, now, 'metadata', 'ownerReferences'),
    generatedName: before === undefined && textAt(treeAt(now, 'metadata'), 'generateName') !== undefined,
    changedLabels: removed ? [] : changedLabels(before, now),
    replicas: removed ? null : replicas(before, now),
    deletesClaims: deletesClaims(type, before, now),
    pods: podSpecFacts(before, now) ?? hostVolume(group, kind, before, now),
    grants: grantFacts(group, now),
    onlyCordon:
      isNode && paths.includes(CORDON) && paths.every((path) => path === CORDON || OWN_MARK.test(path)),
  }
}

// The server keeps the taint of a cordoned node itself; a dry run does not show it.
const CORDON = 'spec.unschedulable'
// What every change of ours leaves on its object.
const OWN_MARK = /^metadata\.annotations\["gatehouse\.dev\//

function differs(before: unknown, after: unknown, part: string, field: string): boolean {
  const value = (object: unknown) => treeAt(object, part)[field] ?? []
  return !isSame(value(before), value(after))
}

function changedLabels(before: unknown, after: unknown): string[] {
  const old = new Map(podSpecsIn(before).map(({ path, labels }) => [path, labels]))
  const pairs: [Tree, Tree][] = [
    [treeAt(treeAt(before, 'metadata'), 'labels'), treeAt(treeAt(after, 'metadata'), 'labels')],
    ...podSpecsIn(after).map(({ path, labels }): [Tree, Tree] => [old.get(path) ?? {}, labels]),
  ]
  const keys = pairs.flatMap(([was, is]) =>
    [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => was[key] !== is[key]),
  )
  return [...new Set(keys)].sort()
}

function replicas(before: unknown, after: unknown): ObjectFacts['replicas'] {
  const of = (object: unknown) => {
    const value = treeAt(object, 'spec').replicas
    return typeof value === 'number' && Number.isInteger(value) ? value : null
  }
  const pair = { before: of(before), after: of(after) }
  return pair.before === null && pair.after === null ? null : pair
}

// A StatefulSet may be told to take the claims of its pods along.
function deletesClaims(type: ChangeType, before: unknown, after: unknown): boolean {
  const policy = (object: unknown) => treeAt(treeAt(object, 'spec'), 'persistentVolumeClaimRetentionPolicy')
  if (type === 'delete') return policy(before).whenDeleted === 'Delete'
  const scalesDown = (replicas(before, after)?.after ?? 1) < (replicas(before, after)?.before ?? 1)
  if (scalesDown && policy(after).whenScaled === 'Delete') return true
  return ['whenDeleted', 'whenScaled'].some(
    (when) => before !== undefined && policy(after)[when] === 'Delete' && policy(before)[when] !== 'Delete',
  )
}

// A volume on the node's disk, which a claim hands to a pod.
function hostVolume(group: string, kind: string, before: unknown, after: unknown): ObjectFacts['pods'] {
  if (group !== '' || kind !== 'PersistentVolume') return null
  const paths = (object: unknown) =>
    ['hostPath', 'local'].flatMap((source) => {
      const volume = treeAt(object, 'spec')[source]
      return isTree(volume) ? [`${source} ${textAt(volume, 'path') ?? '?'}`] : []
    })
  const old = new Set(paths(before))
  const now = paths(after)
  return {
    newPrivileges: now.filter((one) => !old.has(one)),
    keptPrivileges: now.filter((one) => old.has(one)),
    newSecretRefs: [],
    serviceAccounts: [],
    images: [],
    newContainers: [],
    changedCommands: [],
    concerns: [],
  }
}
