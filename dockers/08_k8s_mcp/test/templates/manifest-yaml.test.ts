import { describe, expect, it } from 'vitest'
import { manifestObject, manifestYaml } from '../../src/templates/index.ts'

const written = (value: unknown) => manifestYaml([{ a: value }]).slice(3, -1)

describe('a text', () => {
  it.each([
    ['web', 'web'],
    ['nginx:1.29', 'nginx:1.29'],
    ['250m', '250m'],
    ['10Gi', '10Gi'],
    ['--save', '--save'],
    ['/tmp', '/tmp'],
    ['yes', '"yes"'],
    ['8080', '"8080"'],
    ['1e3', '"1e3"'],
    ['2024-01-01', '"2024-01-01"'],
    ['', '""'],
    ['echo "a"', '\'echo "a"\''],
    ['a\nb\n', '|\n  a\n  b'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n b\n---\n', '|\n  a\n   b\n  ---'],
    [' a\nb', '" a\\nb"'],
    ['é', '"é"'],
  ])('%j is written as %s', (value, yaml) => {
    expect(written(value)).toBe(yaml)
  })

  it('shows what nobody would see', () => {
    expect(written('\u202egnp.exe\u200b\n\u{e0041}\u0085')).toBe('"\\u202Egnp.exe\\u200B\\n\\U000E0041\\N"')
  })
})

describe('several objects', () => {
  const objects = [{ kind: 'A' }, { kind: 'B', list: ['x'], none: [], map: {} }]

  it('are documents of YAML', () => {
    expect(manifestYaml(objects)).toBe('kind: A\n---\nkind: B\nlist:\n  - x\nnone: []\nmap: {}\n')
  })

  it('are a List in JSON, and one is itself', () => {
    expect(manifestObject(objects)).toEqual({ apiVersion: 'v1', kind: 'List', items: objects })
    expect(manifestObject(objects.slice(0, 1))).toBe(objects[0])
  })

  it('that share a part have no anchors', () => {
    const part = { a: 'b' }
    expect(manifestYaml([{ x: part, z: part }])).toBe('x:\n  a: b\nz:\n  a: b\n')
  })
})
