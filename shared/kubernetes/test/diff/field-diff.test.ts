import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asStored, spokenAbout } from '../../src/diff/comparable.ts'
import { fieldDiff } from '../../src/diff/field-diff.ts'

describe('fieldDiff', () => {
  it('names each field that differs, with both values', () => {
    expect(
      fieldDiff({ spec: { replicas: 2, paused: true } }, { spec: { replicas: 3, paused: true } }),
    ).toEqual([{ path: 'spec.replicas', old: '2', new: '3' }])
  })

  it('matches entries of lists by name, wherever they stand', () => {
    const before = {
      containers: [
        { name: 'web', image: 'w:1' },
        { name: 'log', image: 'l:1' },
      ],
    }
    const after = {
      containers: [
        { name: 'new', image: 'n' },
        { name: 'web', image: 'w:2' },
      ],
    }
    expect(fieldDiff(before, after)).toEqual([
      { path: 'containers[web].image', old: 'w:1', new: 'w:2' },
      { path: 'containers[log]', old: '{"name":"log","image":"l:1"}' },
      { path: 'containers[new]', new: '{"name":"new","image":"n"}' },
    ])
  })

  it('says when only the order differs, as for init containers', () => {
    const entries = [{ name: 'a' }, { name: 'b' }]
    expect(fieldDiff({ initContainers: entries }, { initContainers: entries.toReversed() })).toEqual([
      { path: 'initContainers (order)', old: 'a, b', new: 'b, a' },
    ])
  })

  it('falls back to positions where names repeat or there are none', () => {
    expect(fieldDiff({ args: ['a', 'b'] }, { args: ['a', 'c', 'd'] })).toEqual([
      { path: 'args[1]', old: 'b', new: 'c' },
      { path: 'args[2]', new: 'd' },
    ])
    expect(
      fieldDiff(
        [
          { name: 'x', v: 1 },
          { name: 'x', v: 2 },
        ],
        [
          { name: 'x', v: 1 },
          { name: 'x', v: 3 },
        ],
      ),
    ).toEqual([{ path: '[1].v', old: '2', new: '3' }])
  })

  it('quotes keys that are no words, and texts that would be mistaken', () => {
    expect(fieldDiff({ annotations: { 'a.io/b': '1' } }, { annotations: { 'a.io/b': 1 } })).toEqual([
      { path: 'annotations["a.io/b"]', old: '"1"', new: '1' },
    ])
    expect(fieldDiff({ a: '' }, { a: 'true' })).toEqual([{ path: 'a', old: '""', new: '"true"' }])
  })

  it('opens large values that come or go, so that nothing hides behind a cut', () => {
    const big = { securityContext: { privileged: true }, text: 'x'.repeat(100) }
    expect(fieldDiff({}, { pod: big }).map((one) => one.path)).toEqual(['pod.securityContext', 'pod.text'])
  })

  it('shows long texts where they differ', () => {
    const text = (word: string) => `first\n${word}\nlast`
    expect(fieldDiff({ a: text('old') }, { a: text('new') })).toEqual([
      { path: 'a (line 2)', old: 'old', new: 'new' },
    ])
    const [change] = fieldDiff({ a: `${'x'.repeat(500)}OLD` }, { a: `${'x'.repeat(500)}NEW` })
    expect(change?.old).toMatch(/^…x{20}OLD \(503 characters\)$/)
    expect(change?.new).toMatch(/^…x{20}NEW \(503 characters\)$/)
  })

  it('is not fooled by names of the prototype', () => {
    expect(fieldDiff({}, JSON.parse('{"__proto__":{"a":1},"constructor":2}'))).toEqual([
      { path: '__proto__', new: '{"a":1}' },
      { path: 'constructor', new: '2' },
    ])
  })

  it('finds nothing in equal values and something in different ones, the same both ways round', () => {
    const json = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(json, (value) => {
        expect(fieldDiff(value, structuredClone(value))).toEqual([])
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (a, b) => {
        // JSON has no -0.
        const [one, two] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))]
        const there = fieldDiff(one, two)
        const back = fieldDiff(two, one)
        expect(there.map((change) => change.path).sort()).toEqual(back.map((change) => change.path).sort())
      }),
    )
  })
})

describe('spokenAbout', () => {
  it('keeps of a live object what the manifest has', () => {
    const live = {
      spec: {
        replicas: 3,
        paused: false,
        containers: [{ name: 'a', image: 'i:1', ports: [] }, { name: 'b' }],
      },
    }
    const manifest = { spec: { replicas: 5, containers: [{ name: 'a', image: 'i:2' }] } }
    expect(fieldDiff(spokenAbout(live, manifest), manifest)).toEqual([
      { path: 'spec.containers[a].image', old: 'i:1', new: 'i:2' },
      { path: 'spec.replicas', old: '3', new: '5' },
    ])
  })
})

describe('asStored', () => {
  it('turns stringData of a Secret into data, and of nothing else', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'MQ==' }, stringData: { b: '2' } }
    expect(asStored(secret)).toEqual({ apiVersion: 'v1', kind: 'Secret', data: { a: 'MQ==', b: 'Mg==' } })
    const other = { apiVersion: 'x/v1', kind: 'Secret', stringData: { b: '2' } }
    expect(asStored(other)).toBe(other)
  })
})
