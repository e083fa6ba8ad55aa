import type { KubeObject } from '../client/cluster.ts'
import { type FieldChange, fieldDiff } from './field-diff.ts'
import { listKey } from './list-key.ts'

const SERVERS_OWN = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']

/** The part of an object that a person can mean to change: without status and what only the API server writes. */
export function comparable(object: KubeObject): Record<string, unknown> {
  const { status: _status, metadata, ...rest } = object
  const own = Object.entries(metadata).filter(([key]) => !SERVERS_OWN.includes(key))
  return { ...rest, metadata: Object.fromEntries(own) }
}

/** A manifest's object as the API server stores it: a Secret's stringData becomes data. */
export function asStored(object: Record<string, unknown>): Record<string, unknown> {
  const { stringData, ...rest } = object
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || !isRecord(stringData)) return object
  // Anything but text the API server refuses, and shall.
  if (!Object.values(stringData).every((value) => typeof value === 'string')) return object
  const entries = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ])
  return { ...rest, data: { ...(isRecord(rest.data) && rest.data), ...Object.fromEntries(entries) } }
}

/** What a manifest says about an object that does not exist yet, without what its address already tells. */
export function summaryOf(manifest: unknown): FieldChange[] {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = manifest as KubeObject
  const { name: _name, namespace: _namespace, ...more } = metadata
  return fieldDiff({}, { ...rest, ...(Object.keys(more).length > 0 && { metadata: more }) })
}

/**
 * The part of a live object that a manifest speaks about, to compare the two where the API server refused to. Lists
 * are matched as in the comparison itself.
 */
export function spokenAbout(live: unknown, manifest: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(manifest)) {
    const key = listKey(live, manifest)
    if (key === undefined) return live
    const byName = new Map(live.map((one) => [memberOf(one, key), one]))
    return manifest.flatMap((wanted) => {
      const same = byName.get(memberOf(wanted, key))
      return same === undefined ? [] : [spokenAbout(same, wanted)]
    })
  }
  if (!isRecord(live) || !isRecord(manifest)) return live
  const shared = Object.keys(manifest).filter((key) => Object.hasOwn(live, key))
  return Object.fromEntries(shared.map((key) => [key, spokenAbout(live[key], manifest[key])]))
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
