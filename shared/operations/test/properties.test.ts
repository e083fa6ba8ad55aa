import { GatehouseError } from '@gatehouse/errors'
import type { Cluster } from '@gatehouse/kubernetes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APPLY, boundRequest, JSON_BODY, JSON_PATCH, MERGE, STRATEGIC } from '../src/bound-request.ts'
import { digestOfMeaning, meaningOf, postImageOf } from '../src/meaning.ts'
import type { FrozenRequest } from '../src/plan.ts'
import { mergePatchBetween } from '../src/planner/merge-patch-between.ts'
import { assertPlain } from '../src/planner/plain-input.ts'
import { rehearseForPlan } from '../src/planner/rehearse.ts'

/** What Kubernetes can hold: whole numbers keep their digits. */
const isSafe = (value: unknown): boolean => {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  return value === null || typeof value !== 'object' || Object.values(value).every(isSafe)
}
const json = fc.jsonValue({ maxDepth: 3 }).filter(isSafe)
const record = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== '__proto__'),
  json,
)

/** RFC 7396, as its pseudocode has it. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const isObject = target !== null && typeof target === 'object' && !Array.isArray(target)
  const result = new Map<string, unknown>(isObject ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, mergePatch(result.get(key), value))
  }
  return Object.fromEntries(result)
}

/** Kubernetes keeps no nulls. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]))
}

describe('the merge patch between two objects', () => {
  it('makes the second of the first', () => {
    fc.assert(
      fc.property(record, record, (a, b) => {
        const [from, to] = [withoutNulls(a), withoutNulls(b)]
        const patch = mergePatchBetween(from, to)
        expect(patch === undefined ? from : mergePatch(from, patch)).toEqual(to)
      }),
    )
  })
})

describe('the merge patch of fields called as what every object inherits', () => {
  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])('%s', (key) => {
    const [less, more] = [{}, JSON.parse(`{"${key}":{"a":1}}`)]
    for (const [from, to] of [
      [less, more],
      [more, less],
    ]) {
      expect(JSON.stringify(mergePatch(from, mergePatchBetween(from, to)))).toBe(JSON.stringify(to))
    }
  })
})

describe('a bound request', () => {
  const frozen = (
    method: FrozenRequest['method'],
    contentType: string,
    body: unknown,
    path = '/x',
  ): FrozenRequest => ({
    method,
    path,
    query: {},
    contentType,
    body,
  })

  it('names uid and version whatever the caller wrote, and is the same each time', () => {
    fc.assert(
      fc.property(record, fc.uuid(), fc.nat(), (body, uid, number) => {
        const bound = { uid, resourceVersion: String(number) }
        for (const contentType of [MERGE, STRATEGIC, APPLY]) {
          const request = frozen('PATCH', contentType, {
            ...body,
            metadata: { labels: {}, uid: 'x', resourceVersion: 'y' },
          })
          const sent = boundRequest(request, bound)
          expect(JSON.parse(sent.body).metadata).toMatchObject(bound)
          expect(boundRequest(request, bound)).toEqual(sent)
        }
        const steps = JSON.parse(boundRequest(frozen('PATCH', JSON_PATCH, [body]), bound).body)
        expect(steps.slice(0, 2)).toEqual([
          { op: 'test', path: '/metadata/uid', value: uid },
          { op: 'test', path: '/metadata/resourceVersion', value: bound.resourceVersion },
        ])
        const gone = JSON.parse(boundRequest(frozen('DELETE', JSON_BODY, body), bound).body)
        expect(gone.preconditions).toEqual(bound)
        const evicted = JSON.parse(
          boundRequest(frozen('POST', JSON_BODY, body, '/pods/p/eviction'), bound).body,
        )
        expect(evicted.deleteOptions.preconditions).toEqual(bound)
      }),
    )
  })

  it('as a rehearsal says so wherever the API server looks', () => {
    const bound = { uid: 'u', resourceVersion: '1' }
    const gone = boundRequest(frozen('DELETE', JSON_BODY, {}), bound, true)
    expect([gone.query.dryRun, JSON.parse(gone.body).dryRun]).toEqual(['All', ['All']])
    const evicted = boundRequest(frozen('POST', JSON_BODY, {}, '/pods/p/eviction'), bound, true)
    expect([evicted.query.dryRun, JSON.parse(evicted.body).deleteOptions.dryRun]).toEqual(['All', ['All']])
    expect(boundRequest(frozen('PATCH', MERGE, {}), bound, true).query.dryRun).toBe('All')
  })
})

describe('the meaning of an object', () => {
  const object = (metadata: object, more: object = {}) => ({
    kind: 'Deployment',
    metadata: { name: 'x', ...metadata },
    ...more,
  })
  const digest = (one: ReturnType<typeof object>, body: unknown = {}) =>
    digestOfMeaning('salt', meaningOf(one, body))

  it('is not changed by status, bookkeeping or the order of fields', () => {
    const plain = digest(object({ labels: { a: '1', b: '2' } }))
    expect(
      digest(
        object({ labels: { b: '2', a: '1' }, resourceVersion: '7', generation: 3 }, { status: { x: 1 } }),
      ),
    ).toBe(plain)
    expect(
      digest(
        object({ labels: { a: '1', b: '2' }, annotations: { 'deployment.kubernetes.io/revision': '4' } }),
      ),
    ).toBe(plain)
  })

  it('is changed by anything else', () => {
    fc.assert(
      fc.property(record, record, (a, b) => {
        const of = (spec: object) => digestOfMeaning('salt', meaningOf(object({}, { spec }), {}))
        expect(of(a) === of(b)).toBe(JSON.stringify(sortedDeep(a)) === JSON.stringify(sortedDeep(b)))
      }),
    )
    expect(digest(object({ deletionTimestamp: 't' }))).not.toBe(digest(object({})))
    expect(digest(object({ finalizers: ['x'] }))).not.toBe(digest(object({})))
  })

  it('of an object with numbers that lose digits is not taken for known', () => {
    const big = object({}, { spec: { size: 2 ** 60 } })
    expect(() => digest(big)).toThrow(expect.objectContaining({ code: 'CANNOT_PLAN' }))
  })

  it('keeps what the change itself touches', () => {
    const revision = (value: string) =>
      object({ annotations: { 'deployment.kubernetes.io/revision': value } })
    const merge = { metadata: { annotations: { 'deployment.kubernetes.io/revision': '9' } } }
    const steps = [
      { op: 'add', path: '/metadata/annotations/deployment.kubernetes.io~1revision', value: '9' },
    ]
    for (const body of [merge, steps])
      expect(digest(revision('1'), body)).not.toBe(digest(revision('2'), body))
    const status = (x: number) => object({}, { status: { x } })
    for (const body of [{ status: {} }, [{ op: 'add', path: '/status/x', value: 1 }]]) {
      expect(digest(status(1), body)).not.toBe(digest(status(2), body))
    }
  })

  it('of a Service is the same whatever addresses it is given, and not whatever it asked for', () => {
    const service = (clusterIP: string, nodePort: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port: 80, nodePort }] },
    })
    const of = (one: ReturnType<typeof service>, body: unknown) =>
      digestOfMeaning('', postImageOf(one, undefined, body))
    expect(of(service('10.0.0.1', 30001), {})).toBe(of(service('10.0.0.2', 30002), {}))
    const asked = { spec: { clusterIP: '10.0.0.1', ports: [{ nodePort: 30001 }] } }
    expect(of(service('10.0.0.1', 30001), asked)).not.toBe(of(service('10.0.0.2', 30001), asked))
    expect(of(service('10.0.0.1', 30001), asked)).not.toBe(of(service('10.0.0.1', 30002), asked))
  })
})

describe('plain input', () => {
  it('takes every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(isSafe(value) && !/-0(?![.\d])|"__proto__"|\\u0000/.test(serialised(value)))
        expect(() => assertPlain(value, 'x')).not.toThrow()
      }),
    )
  })

  it('refuses what two readers could understand differently', () => {
    let deep: unknown = 1
    for (let level = 0; level < 70; level++) deep = { deep }
    const wrong = [
      2 ** 53,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '\ud800',
      'a\0b',
      undefined,
      1n,
      new Date(),
      new Map(),
      deep,
    ]
    for (const value of wrong) {
      for (const nested of [value, [value], { field: value }]) {
        expect(() => assertPlain(nested, 'patch'), String(value)).toThrow(GatehouseError)
      }
    }
    expect(() => assertPlain(JSON.parse('{"a":{"__proto__":1}}'), 'patch')).toThrow(/__proto__/)
    expect(() => assertPlain(JSON.parse('{"a\\u0000":1}'), 'patch')).toThrow(/NUL/)
    expect(() => assertPlain('x'.repeat(600_000), 'patch')).toThrow(/512 kB/)
  })
})

describe('a rehearsal that is refused', () => {
  // No API server since 1.22 takes a webhook that declares side effects, but one may still be stored.
  const refusing = (error: GatehouseError) =>
    ({ sendWithWarnings: () => Promise.reject(error) }) as unknown as Cluster
  const plan = (error: GatehouseError, path = '/x') =>
    rehearseForPlan(
      refusing(error),
      { method: 'POST', path, query: {}, contentType: '', body: {} },
      { uid: null, resourceVersion: null },
      undefined,
    )

  it('says why in one sentence and what to do', async () => {
    const webhook = new GatehouseError(
      'CLUSTER_REFUSED',
      'admission webhook "w.example.com" does not support dry run',
    )
    await expect(plan(webhook)).rejects.toMatchObject({
      code: 'CANNOT_PLAN',
      message: 'The admission webhook "w.example.com" cannot be asked without effect',
    })
    await expect(plan(new GatehouseError('FORBIDDEN', 'no'))).rejects.toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('same permission'),
    })
    await expect(plan(new GatehouseError('CLUSTER_BUSY', 'budget'), '/p/eviction')).rejects.toMatchObject({
      code: 'CANNOT_PLAN',
    })
    await expect(plan(new GatehouseError('TIMEOUT'))).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortedDeep(member)]),
  )
}

// As JSON.stringify, but it tells -0.
function serialised(value: unknown): string {
  return JSON.stringify(value, (_key, member) => (Object.is(member, -0) ? '-0' : member)).replaceAll(
    '"-0"',
    '-0',
  )
}
