import type { KubeObject } from '../client/cluster.ts'
import { type FieldChange, fieldDiff } from './field-diff.ts'

const SERVERS_OWN = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']

/** The part of an object that a person can mean to change: without status and what only the API server writes. */
export function comparable(object: KubeObject): Record<string, unknown> {
  const { status: _status, metadata, ...rest } = object
  const own = Object.entries(metadata).filter(([key]) => !SERVERS_OWN.includes(key))
  return { ...rest, metadata: Object.fromEntries(own) }
}

/** What a manifest says about an object that does not exist yet, without what its address already tells. */
export function summaryOf(manifest: unknown): FieldChange[] {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = manifest as KubeObject
  const { name: _name, namespace: _namespace, ...more } = metadata
  return fieldDiff({}, { ...rest, ...(Object.keys(more).length > 0 && { metadata: more }) })
}
