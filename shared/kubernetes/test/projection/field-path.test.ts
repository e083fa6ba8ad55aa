import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL, parsePath, readPath } from '../../src/projection/field-path.ts'

const pod = {
  metadata: { name: 'web-1', labels: { app: 'web', 'app.kubernetes.io/name': 'shop' } },
  spec: {
    nodeName: 'node-1',
    containers: [
      { image: 'a:1', ports: [{ containerPort: 80 }, { containerPort: 81 }] },
      { image: 'b:2', resources: { limits: { memory: '1Gi' } } },
    ],
    nodeSelector: { disk: 'ssd' },
  },
}
const same = <T>(value: T): T => value
const read = (path: string) => readPath(pod, parsePath(path), same)

describe('a field path', () => {
  const cases: [string, unknown][] = [
    ['spec.nodeName', 'node-1'],
    ['.spec.nodeName', 'node-1'],
    ['$.spec.nodeName', 'node-1'],
    ['{.spec.nodeName}', 'node-1'],
    ['object.spec.nodeName', 'node-1'],
    ["spec['nodeName']", 'node-1'],
    ['spec.containers[*].image', ['a:1', 'b:2']],
    ['spec.containers.image', ['a:1', 'b:2']],
    ['spec.containers[1].image', 'b:2'],
    ['spec.containers[9].image', null],
    ['spec.containers[*].ports[*].containerPort', ['80', '81']],
    ['spec.containers[*].resources.limits.memory', ['1Gi']],
    ['spec.missing.deeper', null],
    ["metadata.labels['app']", 'web'],
    ['metadata.labels.app', 'web'],
    ['metadata.labels.app.kubernetes.io/name', 'shop'],
    ['labels.app.kubernetes.io/name', 'shop'],
    ["labels['app.kubernetes.io/name']", 'shop'],
    ['spec.nodeSelector', '{"disk":"ssd"}'],
    ['spec.nodeSelector[*]', ['ssd']],
    ['spec.constructor.name', null],
    ['spec.__proto__', null],
  ]
  for (const [path, value] of cases) it(path, () => expect(read(path)).toEqual(value))

  it('says where it stops being one', () => {
    expect(() => parsePath('spec.containers[?(@.x)]')).toThrow(/position 16/)
    expect(() => parsePath('spec..nodeName')).toThrow(/position 5/)
    expect(() => parsePath('spec.')).toThrow(/not a field path/)
    expect(() => parsePath('.')).toThrow(/not a field path/)
  })

  it('is either read or refused with a public error, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          readPath(pod, parsePath(text), same)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' })
        }
      }),
    )
  })

  it('finds any key of any map by its quoted name', () => {
    const key = fc.stringMatching(/^[a-z0-9./_-]{1,30}$/)
    fc.assert(
      fc.property(key, key, (outer, inner) => {
        const steps = parsePath(`spec['${outer}']["${inner}"]`)
        expect(steps).toEqual(['spec', outer, inner])
        expect(readPath({ spec: { [outer]: { [inner]: 'x' } } }, steps, same)).toBe('x')
      }),
    )
  })

  it('cleans before it cuts: half a URL does not look like one with a password', () => {
    const url = `postgres://${'u'.repeat(290)}:hunter22${'x'.repeat(5000)}@db`
    const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(/:hunter.*?@/g, ':***@'))
    for (const path of ['spec', 'spec.url', 'spec.list', 'spec.list[*]']) {
      const found = readPath({ spec: { url, list: [{ url }] } }, parsePath(path), clean)
      expect(JSON.stringify(found)).not.toContain('hunter')
    }
  })

  it('knows [*] from a key', () => expect(parsePath("spec[*]['*']")).toEqual(['spec', ALL, '*']))
})
