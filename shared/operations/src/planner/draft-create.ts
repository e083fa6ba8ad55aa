import { GatehouseError } from '@gatehouse/errors'
import { JSON_BODY } from '../bound-request.ts'
import { MARKER } from '../marker.ts'
import { type Draft, type Drafting, nameOf, type OperationOf, WRITER } from './draft.ts'
import { expectationOf } from './expectations.ts'
import type { Place } from './place.ts'
import { assertOwnMetadata, assertPlain, isRecord } from './plain-input.ts'

/** Makes a new object under its own name. */
export function draftCreate(operation: OperationOf<'create'>, { place, live, marker }: Drafting): Draft {
  if (live) throw new GatehouseError('CONFLICT', `There is a ${nameOf(place)} already`)
  const object = namedObject(operation.object, place)
  return {
    request: {
      method: 'POST',
      path: place.collection,
      query: WRITER,
      contentType: JSON_BODY,
      body: marked(object, marker),
    },
    given: object,
    title: `Create ${nameOf(place)}`,
    expectation: (after, changes) => expectationOf(place.resource.kind, undefined, after, changes),
    typedName: false,
    image: 'object',
  }
}

/**
 * A caller's object with the identity its target has. Throws INVALID_INPUT where it names another one, or leaves its
 * name to the API server.
 */
export function namedObject(object: unknown, place: Place): Record<string, unknown> {
  assertPlain(object, 'object')
  if (!isRecord(object)) throw new GatehouseError('INVALID_INPUT', 'object: it must be an object')
  const { resource, namespace, name } = place
  const metadata = object.metadata ?? {}
  if (isRecord(metadata) && metadata.generateName !== undefined) {
    throw new GatehouseError('INVALID_INPUT', 'object.metadata.generateName: a new object needs its own name')
  }
  // Exported manifests carry it as null.
  const cleaned = isRecord(metadata) ? { ...metadata } : metadata
  if (isRecord(cleaned) && cleaned.creationTimestamp === null) delete cleaned.creationTimestamp
  assertOwnMetadata(cleaned, 'object.metadata')
  const own = cleaned as Record<string, unknown>
  const said = { kind: object.kind, apiVersion: object.apiVersion, name: own.name, namespace: own.namespace }
  const meant = { kind: resource.kind, apiVersion: resource.apiVersion, name, namespace }
  for (const field of ['kind', 'apiVersion', 'name', 'namespace'] as const) {
    if (said[field] !== undefined && said[field] !== meant[field]) {
      throw new GatehouseError('INVALID_INPUT', `object: its ${field} is not that of the target`)
    }
  }
  const { status: _status, ...rest } = object
  return {
    ...rest,
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { ...own, name, ...(namespace && { namespace }) },
  }
}

/** The object with the mark of its operation. */
export function marked(object: Record<string, unknown>, marker: string): Record<string, unknown> {
  const metadata = object.metadata as Record<string, unknown>
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {}
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [MARKER]: marker } } }
}
