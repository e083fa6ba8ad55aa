import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../src/client/cluster.ts'
import { Projection } from '../../src/projection/projection.ts'
import type { Column } from '../../src/table/table.ts'

const COLUMNS: Column[] = ['name', 'ready', 'status', 'restarts', 'age', 'node'].map((key) => ({
  name: key,
  key,
  type: key === 'restarts' ? 'integer' : 'string',
  priority: 0,
}))
const printed = {
  name: 'web-1',
  ready: '1/2',
  status: 'Running',
  restarts: 7,
  age: '3d4h',
  node: 'node-1',
  namespace: 'shop',
}
const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    containers: [
      { name: 'a', image: 'nginx:1' },
      { name: 'b', image: 'redis:2' },
    ],
  },
  status: { phase: 'Pending', readyReplicas: 1 },
}

const TEN = '[0,1,2,3,4,5,6,7,8,9]'
const nested = (text: string, times: number, around: (text: string) => string) =>
  Array.from({ length: times }).reduce<string>((inner) => around(inner), text)
// Each step has twice the elements, all of them shared.
const tree = (leaf: string) => nested(leaf, 20, (inner) => `${inner}.map(a, [a, a])`)

async function evaluate(where: string, source: object = {}) {
  const projection = await Projection.of({ where })
  projection.bind(COLUMNS, true)
  const matches = projection.values({ printed, object, clean: (value) => value, ...source }) !== undefined
  return { matches, projection }
}

describe('where', () => {
  const cases: [string, boolean][] = [
    ["restarts > 5 && status == 'Running'", true],
    ['restarts - 1 == 6', true],
    ["status != 'Running'", false],
    // Bare it is the printed status, dotted the object's.
    ["status == 'Running' && status.phase == 'Pending'", true],
    ['spec.replicas - status.readyReplicas > 1', true],
    ["labels['app'] == 'web' && metadata.labels.app == 'web'", true],
    ["'tier' in labels", false],
    ['has(spec.nodeSelector)', false],
    ["spec.containers.exists(c, c.image.startsWith('redis'))", true],
    ["images.all(i, i.contains(':'))", true],
    ["images[0] == 'nginx:1'", true],
    ["object.metadata.namespace == 'shop'", true],
    // A word CEL keeps for itself.
    ["namespace == 'shop' && metadata.namespace == 'shop' && 'namespace' != name", true],
    ["['a'].exists(namespace, namespace == 'a')", true],
    ["age > '3d' && age < duration('4d')", true],
    ["age == '3d4h'", true],
    ['age > 273599', true],
    ["name.matches('^web-[0-9]+$')", true],
    ["spec.containers.exists(name, name.name == 'a') && name == 'web-1'", true],
  ]
  for (const [where, expected] of cases)
    it(where, async () => expect((await evaluate(where)).matches).toBe(expected))

  it('counts a row it cannot be evaluated for and does not match it', async () => {
    const { matches, projection } = await evaluate("spec.nodeSelector.disk == 'ssd'")
    expect(matches).toBe(false)
    expect(projection.where).toMatchObject({ failed: 1, reason: 'field not found: nodeSelector' })
  })

  const errors: [string, RegExp][] = [
    ['restarts > ', /position 10/],
    ["status = 'x'", /position 8: unexpected "= 'x'"; write ==/],
    ["name == 'a' and restarts > 1", /position 13.*write &&/],
    ['restart > 5', /no column "restart" \(position 1\); did you mean restarts/],
    ["name == 'a' || nod == 'b'", /no column "nod" \(position 16\); did you mean node/],
    ["age > 'yesterday'", /"yesterday" is no time span \(position 7\)/],
    ['restarts + 1', /must be true or false/],
    ['['.repeat(101), /too long/],
    ['x'.repeat(1001), /too long/],
  ]
  for (const [where, message] of errors) {
    it(`refuses ${where.slice(0, 30)}`, async () => {
      const refused = evaluate(where)
      await expect(refused).rejects.toThrow(message)
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    })
  }

  it('takes a name that no object has for a slip', async () => {
    const { projection } = await evaluate("pod.name == 'x'")
    expect(() => projection.checkFields(1)).toThrow(/no column or field "pod"/)
  })

  it('ends a loop that would not end in time', async () => {
    const long = Array.from({ length: 3000 }, (_, index) => index)
    const source = { object: { ...object, spec: { list: long } } }
    const where = 'spec.list.all(a, spec.list.all(b, a + b >= 0))'
    await expect(evaluate(where, source)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    const deep = 'spec.list.all(a, spec.list.all(b, spec.list.all(c, spec.list.all(d, true))))'
    await expect(evaluate(deep, source)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  // Many of them, so that it is too much for the fastest processor.
  const SIZES = Array.from({ length: 20 }, () => 'size(object.big) > 1').join(' && ')
  const growing: [string, string][] = [
    ['a list that doubles itself', `5 in ${nested('[1]', 22, (list) => `[${list}].map(a, a + a)[0]`)}`],
    ['a text that doubles itself', `${nested("'x'", 22, (text) => `[${text}].map(a, a + a)[0]`)} == 'y'`],
    ['a tree that doubles itself', `${tree('[1]')} == ${tree('[1]')}`],
    ['a search in such a tree', `${tree('[1]')} in [${tree('[1]')}]`],
    ['loops around a long text', nested(SIZES, 3, (inner) => `${TEN}.all(a, ${inner})`)],
    ['a list that grows by a loop', 'spec.list.map(a, a).map(a, a).map(a, a).all(a, a >= 0)'],
  ]
  for (const [what, where] of growing) {
    it(`refuses ${what}`, async () => {
      const list = Array.from({ length: 15_000 }, (_, index) => index)
      const big = '\u{1F600}'.repeat(450_000)
      const source = { object: { ...object, spec: { list }, big } }
      await expect(evaluate(where, source)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    })
  }

  it('sees the beginning of a long text, and says so', async () => {
    const source = { object: { ...object, spec: { text: `a${'x'.repeat(20_000)}b` } } }
    const { matches, projection } = await evaluate("spec.text.contains('b')", source)
    expect({ matches, cut: projection.where?.cut }).toEqual({ matches: false, cut: { happened: true } })
    expect((await evaluate("spec.text.startsWith('ax')", source)).matches).toBe(true)
  })

  it('lets honest questions join and compare lists', async () => {
    const list = Array.from({ length: 500 }, (_, index) => index)
    const source = { object: { ...object, spec: { list } } }
    const where = 'spec.list.filter(a, a % 2 == 0).map(a, a + 1) + [1] != spec.list && 499 in spec.list'
    expect((await evaluate(where, source)).matches).toBe(true)
    expect((await evaluate("'a' + 'b' == 'ab' && [1] + [2] == [1, 2]", source)).matches).toBe(true)
  })

  it('looks only at cleaned values', async () => {
    const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('nginx', '***'))
    const through = async (where: string) => (await evaluate(where, { clean })).matches
    expect(await through("spec.containers.exists(c, c.image.contains('nginx'))")).toBe(false)
    expect(await through("object.spec.containers[0].image == 'nginx:1'")).toBe(false)
    expect(await through("images.exists(i, i.startsWith('n'))")).toBe(false)
    expect(await through("images[0].startsWith('***')")).toBe(true)
  })

  it('answers or refuses with a public error, whatever is written', async () => {
    const word = fc.constantFrom(
      'restarts',
      'status',
      'spec',
      'age',
      '5',
      "'x'",
      '.phase',
      '[0]',
      '&&',
      '(',
      ')',
      '>',
      'in',
      '!',
      ' ',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (words) => {
        try {
          await evaluate(words.join(''))
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' })
        }
      }),
    )
  })
})
