import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from '../harness.ts'
import { documentOf, type FakeApi, fakeApi, indexOf, json } from './fake-api.ts'

const GROUPS = ['types', 'cycles', 'wide', 'deep', 'names', 'gvk', 'long'].map((one) => `${one}.test/v1`)
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

let fake: FakeApi
let running: Running
beforeAll(async () => {
  fake = await fakeApi()
  fake.answers.set('/openapi/v3', indexOf(...GROUPS))
  for (const one of GROUPS) {
    const [group = ''] = one.split('/')
    fake.answers.set(`/openapi/v3/apis/${one}`, json(DOCUMENTS[group]?.() ?? {}))
  }
  running = await start({ KUBECONFIG: fake.kubeconfig })
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

const DOCUMENTS: Record<string, () => unknown> = {
  'types.test': () =>
    documentOf(
      'types.test',
      'Thing',
      {
        description: 5,
        required: 7,
        properties: {
          a: 'x',
          b: { properties: 'x', required: [7, 'y'], type: ['string', 'null'], format: {}, enum: {} },
          c: { items: 5, additionalProperties: 'no', allOf: {}, oneOf: 'x', minimum: 'low', pattern: [] },
          d: { enum: [{ toString: 5 }, null, 3], default: { toString: 5 }, $ref: 9 },
          e: null,
          f: { allOf: [7], oneOf: [null, { type: 'string' }] },
          g: { ...reference('constructor'), description: 'beside' },
          h: reference('__proto__'),
        },
      },
      { odd: 5, none: null, list: [], text: 'x', e: { 'x-kubernetes-group-version-kind': 'x' } },
    ),
  'cycles.test': () =>
    documentOf(
      'cycles.test',
      'Thing',
      {
        properties: {
          items: reference('Items'),
          map: reference('Map'),
          self: reference('Self'),
          one: reference('One'),
          both: { allOf: [reference('Both')] },
          tree: reference('Tree'),
        },
      },
      {
        Items: { type: 'array', items: reference('Items') },
        Map: { additionalProperties: reference('Map') },
        Self: reference('Self'),
        One: reference('Two'),
        Two: reference('One'),
        Both: { allOf: [reference('Both')] },
        Tree: {
          description: 'A tree.',
          properties: { name: { type: 'string' }, children: { items: reference('Tree') } },
        },
      },
    ),
  'wide.test': () => documentOf('wide.test', 'Thing', { properties: many(100_000) }),
  'deep.test': () => {
    const open = '{"properties":{"a":'
    const text = JSON.stringify(documentOf('deep.test', 'Thing', '@'))
    return text.replace('"@"', `${open.repeat(20_000)}{"type":"string"}${'}}'.repeat(20_000)}`)
  },
  'names.test': () =>
    documentOf('names.test', 'Thing', {
      properties: {
        ...JSON.parse('{"__proto__":{"type":"string"}}'),
        constructor: { type: 'string' },
        'dotted.name/x': { properties: { 'a.b': { type: 'integer' } } },
        '<script>alert(1)</script>': { type: 'string', description: '"><img src=x onerror=alert(1)>' },
        [`n${'x'.repeat(5_000)}`]: { type: 'string' },
      },
    }),
  'gvk.test': () =>
    documentOf(
      'gvk.test',
      'Thing',
      {},
      {
        again: {
          properties: { kind: {}, metadata: {} },
          'x-kubernetes-group-version-kind': [{ group: 'gvk.test', version: 'v1', kind: 'Thing' }],
        },
        wrong: {
          properties: { kind: {}, metadata: {} },
          'x-kubernetes-group-version-kind': [{ group: 'gvk.test', version: 'v1', kind: 5 }, null, 'x'],
        },
        allow: {
          properties: { kind: {}, metadata: {}, spec: {} },
          'x-kubernetes-group-version-kind': [{ group: 'gvk.test', version: 'v1', kind: 'AllowList' }],
        },
        things: {
          properties: { kind: {}, metadata: {}, items: {} },
          'x-kubernetes-group-version-kind': [{ group: 'gvk.test', version: 'v1', kind: 'ThingList' }],
        },
      },
    ),
  'long.test': () =>
    documentOf('long.test', 'Thing', {
      properties: {
        text: { type: 'string', description: 'word '.repeat(60_000), pattern: 'p'.repeat(300_000) },
        run: { type: 't'.repeat(300_000), description: 'x'.repeat(300_000) },
        values: {
          enum: Array.from({ length: 10_000 }, (_, index) => `v${index}`),
          default: 'd '.repeat(9_999),
        },
      },
    }),
}

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, { type: 'string' }]))

const page = (group: string, field = 'spec') => running.get(`/api/${group}.test/v1/Thing?field=${field}`)
const named = (body: { fields: { name: string }[] }) =>
  Object.fromEntries(body.fields.map((one) => [one.name, one])) as Record<string, Record<string, unknown>>

describe('a document', () => {
  it('of wrong types everywhere shows what is left of it', async () => {
    const { status, body } = await page('types')
    expect([status, body.source.origin]).toEqual([200, 'cluster'])
    const { b, c, d, f, g, h, ...others } = named(body)
    expect(others).toEqual({})
    expect([b, c, h].map((one) => [one?.type, one?.enum])).toEqual(Array(3).fill(['any', undefined]))
    expect([d?.enum, d?.default]).toEqual([['{"toString":5}', 'null', '3'], '{"toString":5}'])
    expect([f?.type, g?.description]).toEqual(['string', 'beside'])
  })

  it('that refers to itself ends', async () => {
    const { status, body } = await page('cycles')
    expect([status, body.source.origin, body.fields.length]).toEqual([200, 'cluster', 6])
    const below = await page('cycles', 'spec.tree.children.children.children')
    expect([below.status, below.body.type]).toEqual([200, '[]Tree'])
    expect(below.body.fields.map((one: { name: string }) => one.name)).toEqual(['name', 'children'])
  })

  it('of 100,000 fields is bounded and says so', async () => {
    const { status, body, text } = await page('wide')
    expect([status, body.total, body.fields.length]).toEqual([200, 100_000, 1_000])
    expect(text.length).toBeLessThan(200_000)
    const wrong = await page('wide', 'spec.g7')
    expect(wrong.status).toBe(404)
  })

  it('written out in place 20,000 levels deep ends', async () => {
    const { status, body } = await page('deep', `spec${'.a'.repeat(90)}`)
    expect([status, body.source.origin]).toEqual([200, 'cluster'])
    expect((await page('deep', `spec${'.a'.repeat(200)}`)).status).toBe(404)
  })

  it('with odd names: each can be followed, and none is markup', async () => {
    const { body } = await page('names')
    const rows = named(body)
    expect(Object.keys(rows).length).toBe(4)
    const dotted = await page('names', 'spec.dotted.name/x.a.b')
    expect([dotted.status, dotted.body.type]).toEqual([200, 'integer'])
    for (const name of ['constructor', '__proto__'])
      expect((await page('names', `spec.${name}`)).status).toBe(200)
    const { text } = await running.get('/api/names.test/v1/Thing?field=spec', {
      headers: { accept: 'text/html' },
    })
    expect(text).not.toMatch(/<script>alert|<img/)
    expect(text).toContain('&lt;script&gt;alert(1)')
  })

  it('with kinds twice or of no name lists each once, and lists only where they hold items', async () => {
    const { body } = await running.get('/api')
    const { kinds } = body.groups.find((one: { apiVersion: string }) => one.apiVersion === 'gvk.test/v1')
    expect(kinds.map((one: { kind: string }) => one.kind)).toEqual(['AllowList', 'Thing'])
  })

  it('with texts of 300 kB is cut', async () => {
    const { status, text, body } = await page('long')
    expect(status).toBe(200)
    expect(text.length).toBeLessThan(20_000)
    expect(named(body).text?.description).toMatch(/^(word )+word…$/)
    expect((await page('long', 'spec.text')).text.length).toBeLessThan(12_000)
  })

  it('of each of these kinds is surveyed and searched', async () => {
    const { body } = await running.get('/api')
    expect(body.groups.map((one: { apiVersion: string }) => one.apiVersion).sort()).toEqual(GROUPS.toSorted())
    const { body: found } = await running.get('/search?q=Thing.spec&kind=field')
    expect(found.items.length).toBe(20)
  })
})
