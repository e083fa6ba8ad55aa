import { GatehouseError } from '@gatehouse/errors'
import { JSON_PATCH, MERGE, STRATEGIC } from '../bound-request.ts'
import { MARKER } from '../marker.ts'
import type { PatchType } from '../operation.ts'
import { type Draft, type Drafting, nameOf, type OperationOf, type Step, WRITER } from './draft.ts'
import { expectationOf } from './expectations.ts'
import { markSteps } from './mark-steps.ts'
import { assertOwnMetadata, assertPlain, isRecord } from './plain-input.ts'
import { pointerOf } from './pointer.ts'

const CONTENT: Record<PatchType, string> = { merge: MERGE, json: JSON_PATCH, strategic: STRATEGIC }
const STEPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
// What the API server keeps for itself, and what binds a request to one object.
const KEPT =
  /^\/(apiVersion|kind|status|metadata\/(name|namespace|uid|resourceVersion|generation|generateName|managedFields|creationTimestamp|deletionTimestamp))(\/|$)/

/** A partial change, as merge, strategic or JSON patch. */
export function draftPatch(operation: OperationOf<'patch'>, { place, live, marker }: Drafting): Draft {
  const { patch, patchType } = operation
  if (!Object.hasOwn(CONTENT, patchType)) {
    throw new GatehouseError('INVALID_INPUT', 'patchType: one of merge, json, strategic')
  }
  assertPlain(patch, 'patch')
  const body =
    patchType === 'json'
      ? [...stepsOf(patch), ...markSteps(live, marker)]
      : merged(fieldsOf(patch, place.target.kind), marker)
  return {
    request: {
      method: 'PATCH',
      path: place.path,
      query: WRITER,
      contentType: CONTENT[patchType],
      body,
    },
    ...(patchType === 'json'
      ? { given: suppliedBy(stepsOf(patch)), steps: stepsOf(patch) }
      : { given: patch }),
    title: `Change ${nameOf(place)}`,
    expectation: (after, changes) => expectationOf(place.resource.kind, live, after, changes),
    typedName: false,
    image: 'object',
  }
}

function stepsOf(patch: unknown): Step[] {
  if (!Array.isArray(patch) || patch.length === 0) {
    throw new GatehouseError('INVALID_INPUT', 'patch: a JSON patch is a list of steps')
  }
  return patch.map((step: unknown, index) => {
    const at = `patch[${index}]`
    if (!isRecord(step)) throw new GatehouseError('INVALID_INPUT', `${at}: it is no object`)
    const { op, path, from } = step
    if (typeof op !== 'string' || !STEPS.has(op)) {
      throw new GatehouseError('INVALID_INPUT', `${at}.op: one of ${[...STEPS].join(', ')}`)
    }
    for (const pointer of from === undefined ? [path] : [path, from]) {
      if (typeof pointer !== 'string' || !/^(\/([^~]|~[01])*)+$/.test(pointer)) {
        throw new GatehouseError(
          'INVALID_INPUT',
          `${at}: path and from are JSON pointers, such as /spec/replicas`,
        )
      }
      if (/\/__proto__(\/|$)/.test(pointer)) {
        throw new GatehouseError('INVALID_INPUT', `${at}: a field cannot be called __proto__`)
      }
      if (op !== 'test' && (KEPT.test(pointer) || pointer === '/metadata')) {
        throw new GatehouseError('INVALID_INPUT', `${at}: ${pointer.slice(0, 60)} is not changed by a patch`)
      }
    }
    return step as Step
  })
}

function fieldsOf(patch: unknown, kind: string): Record<string, unknown> {
  if (!isRecord(patch) || Object.keys(patch).length === 0) {
    throw new GatehouseError('INVALID_INPUT', 'patch: it must be an object with the fields to change')
  }
  assertOwnMetadata(patch.metadata, 'patch.metadata')
  if (patch.kind !== undefined && patch.kind !== kind) {
    throw new GatehouseError('INVALID_INPUT', `patch.kind: it names another kind than ${kind}`)
  }
  // Where a kind has no status of its own it would be a field that nobody is shown.
  if (patch.status !== undefined)
    throw new GatehouseError('INVALID_INPUT', 'patch.status: it is written by controllers; leave it out')
  return patch
}

function merged(patch: Record<string, unknown>, marker: string): Record<string, unknown> {
  const metadata = isRecord(patch.metadata) ? patch.metadata : {}
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {}
  return { ...patch, metadata: { ...metadata, annotations: { ...annotations, [MARKER]: marker } } }
}

// As an object of the same shape as the target, as far as pointers tell: list positions stay positions.
function suppliedBy(steps: Step[]): unknown {
  const root: Record<string, unknown> = {}
  for (const { path, value } of steps) {
    if (value === undefined) continue
    const keys = pointerOf({ path })
    const last = keys.pop() ?? ''
    let at = root
    for (const key of keys) {
      const next = Object.hasOwn(at, key) && isRecord(at[key]) ? at[key] : {}
      at[key] = next
      at = next
    }
    at[last] = value
  }
  return root
}
