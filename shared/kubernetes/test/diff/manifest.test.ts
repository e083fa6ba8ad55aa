import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../src/diff/manifest.ts'

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })

describe('parseManifest', () => {
  it('reads documents with their address and passes empty ones over', () => {
    const documents = parseManifest(
      `---\n${head}---\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: prod}\n`,
    )
    expect(documents.map(({ object: _object, ...rest }) => rest)).toEqual([
      { number: 1, apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
      { number: 2, apiVersion: 'apps/v1', kind: 'Deployment', name: 'b', namespace: 'prod' },
    ])
  })

  it.each([
    ['defaultMode: 0644', 420],
    ['defaultMode: 0o644', 420],
    ['defaultMode: 0x1F', 31],
    ['defaultMode: 08', 8],
    ['defaultMode: -012', -10],
    ['defaultMode: 1_000', 1000],
    ['defaultMode: yes', true],
    ['defaultMode: off', false],
    ['defaultMode: 22:22', '22:22'],
    ['defaultMode: 2026-11-21', '2026-11-21'],
    ['defaultMode: 1.36', 1.36],
    ['defaultMode: "0644"', '0644'],
    ['defaultMode: ~', null],
  ])('reads %s as Kubernetes does', (line, expected) => {
    expect(parseManifest(`${head}${line}`)[0]?.object.defaultMode).toBe(expected)
  })

  it('follows merge keys and aliases', () => {
    const [document] = parseManifest(`${head}base: &b {x: 1}\nmore: {<<: *b, z: 2}\nsame: *b`)
    expect(document?.object).toMatchObject({ more: { x: 1, z: 2 }, same: { x: 1 } })
  })

  it.each([
    ['a: 1\na: 2', /^yamlContent: line 2: duplicated mapping key/],
    ['a: [', /^yamlContent: (line \d+: )?\S/],
    ['', /holds no object/],
    ['---\n---', /holds no object/],
    ['- 1', /document 1: it is no object but a list/],
    ['text', /document 1: it is no object but a plain value/],
    ['apiVersion: v1\nmetadata: {name: a}', /document 1: kind is missing/],
    [`${head}---\nkind: Pod\nmetadata: {name: a}`, /document 2 \(Pod\): apiVersion is missing/],
    ['apiVersion: v1\nkind: Pod', /document 1 \(Pod\): metadata is missing/],
    [
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}',
      /document 1 \(Pod\): generateName cannot be applied/,
    ],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: 5}', /metadata.name is missing or no text/],
    ['apiVersion: v1\nkind: List\nitems: []', /document 1: a List has no name of its own/],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: ../b}', /name: "..\/b" cannot be the name/],
    [`${head}---\n${head}`, /documents 1 and 2 are the same object, ConfigMap a/],
    [`${head}x: .inf`, /\.inf and \.nan are no JSON numbers/],
    [`${head}x: 9007199254740993`, /beyond 2\^53/],
    [`${head}x: !!js/function f`, /unknown scalar tag/],
  ])('refuses %j', (yaml, message) => {
    expect(() => parseManifest(yaml)).toThrow(invalid(message))
  })

  it('refuses aliases that grow without building them', () => {
    const names = 'abcdefghijklmnop'.split('')
    const bomb = names.map(
      (name, index) => `${name}: &${name} [${Array(9).fill(index ? `*${names[index - 1]}` : 'lol')}]`,
    )
    expect(() => parseManifest(`${head}${bomb.join('\n')}`)).toThrow(invalid(/aliases grow/))
  })

  it('refuses aliases that lead back to themselves', () => {
    expect(() => parseManifest(`${head}data: &a {x: *a}`)).toThrow(invalid(/leads back to itself/))
  })

  it('refuses nesting without end, more than 512 kB and more than 5,000 values', () => {
    expect(() => parseManifest(`${head}x: ${'['.repeat(5_000)}`)).toThrow(invalid(/maxDepth/))
    expect(() => parseManifest(`${head}x: ${'y'.repeat(524_288)}`)).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    )
    expect(() => parseManifest(`${head}---\n${head}x: [${'1,'.repeat(5_000)}]`)).toThrow(
      expect.objectContaining({
        code: 'TOO_LARGE',
        message: 'yamlContent: document 2: 5006 values, at most 5000',
      }),
    )
  })

  it('never repeats a value in its error', () => {
    expect(() => parseManifest('password: "hunter2\nkey: [unfinished')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    )
  })

  it('gives back what was written, whatever JSON it is', () => {
    const safe = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)))
    fc.assert(
      fc.property(safe, (data) => {
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }
        fc.pre(!JSON.stringify(object).match(/\d{16}|e\+/))
        expect(parseManifest(dump(object))[0]?.object).toEqual(object)
        expect(parseManifest(JSON.stringify(object))[0]?.object).toEqual(object)
      }),
    )
  })
})
