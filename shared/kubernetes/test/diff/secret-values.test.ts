import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalText } from '../../src/diff/refusal-text.ts'
import { SecretValues, type Sides } from '../../src/diff/secret-values.ts'

const NOT_COMPARED = '[redacted:given-not-compared]'
// Stands for the sanitizer: what begins with "s:" is secret, and what stands in <>.
const shownOf = (value: unknown): unknown => {
  if (typeof value === 'string')
    return value.startsWith('s:') ? '[redacted:secret]' : value.replaceAll(/<[^>]*>/g, '[redacted:password]')
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(shownOf)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shownOf(member)]))
}
const sides = (raw: unknown): Sides => ({ raw, shown: shownOf(raw) })
const against = (given: unknown, live?: unknown) =>
  new SecretValues(sides(given), live === undefined ? undefined : sides(live))

describe('SecretValues', () => {
  it('sends the value that is there, so that the API server cannot tell a guess from it', () => {
    const live = { data: { pin: 's:4711', other: 's:x' }, spec: { url: 'db://u:<real>@h' } }
    for (const pin of ['s:4711', 's:4712', 'plain']) {
      const { sent } = against({ data: { pin }, spec: { url: 'db://u:<guess>@h' } }, live)
      expect(sent).toEqual({ data: { pin: 's:4711' }, spec: { url: 'db://u:<real>@h' } })
    }
  })

  it('sends a text that differs elsewhere, which tells nothing of the secret in it', () => {
    const given = { url: 'db://u:<real>@elsewhere' }
    expect(against(given, { url: 'db://u:<real>@h' }).sent).toEqual(given)
    expect(against({ url: 'db://u:real@h' }, { url: 'db://u:<real>@h' }).sent).toEqual({
      url: 'db://u:<real>@h',
    })
  })

  it('matches list entries by name, and those it cannot match with any of the same kind', () => {
    const live = { env: [{ name: 'a', value: 's:1' }, { name: 'b', value: 's:2' }] } // biome-ignore format: a table
    expect(against({ env: [{ name: 'b', value: 's:guess' }] }, live).sent).toEqual({
      env: [{ name: 'b', value: 's:2' }],
    })
    expect(against({ set: ['x', 's:guess'] }, { set: ['s:1'] }).sent).toEqual({ set: ['s:1', 's:1'] })
    expect(against({ env: [{ name: 'c', value: 'plain' }] }, live).sent).toEqual({
      env: [{ name: 'c', value: 'plain' }],
    })
  })

  it('sends what is given where nothing is there', () => {
    expect(against({ data: { pin: 's:1' } }).sent).toEqual({ data: { pin: 's:1' } })
    expect(against({ data: { pin: 's:1' } }, { data: {} }).sent).toEqual({ data: { pin: 's:1' } })
  })

  it('says of a secret value only that it was given', () => {
    const secrets = against(
      { pin: 's:1', url: 'db://u:<x>@h', kept: 1 },
      { pin: 's:1', url: 'db://u:<y>@h', more: 's:2' },
    )
    expect(
      secrets.shown({
        pin: '[redacted:secret]',
        url: 'db://u:[redacted:password]@h',
        more: '[redacted:secret]',
      }),
    ).toEqual({ pin: NOT_COMPARED, url: `db://u:${NOT_COMPARED}@h`, more: '[redacted:secret]' })
  })

  it('takes all values out of what the API server says where some are secret', () => {
    const said = 'pin: Invalid value: "s:\\"4711\\": x": no; other: Invalid value: 5: must be 6'
    expect(against({ pin: 's:1' }).scrubbed(said)).toBe(
      'pin: Invalid value: …: no; other: Invalid value: …: must be 6',
    )
    expect(against({ pin: 'plain' }).scrubbed(said)).toBe(said)
  })

  it('sends and shows the same for every guess, whatever the objects are', () => {
    const leaf = fc.constantFrom('a', 'b', 1, null, 's:1', 's:2', 'x <p> y', 'x <q> y', 'x <p>')
    const key = fc.constantFrom('name', 'data', 'value', '__proto__')
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    })).node
    const guess = (value: unknown, word: string): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll(/s:\d/g, `s:${word}`).replaceAll(/<\w>/g, `<${word}>`))
    fc.assert(
      fc.property(json, (value) => {
        const live = JSON.parse(JSON.stringify(value))
        fc.pre(!/"name":"s:/.test(JSON.stringify(live)))
        const right = against(live, live)
        const wrong = against(guess(live, 'wrong'), live)
        expect(wrong.sent).toEqual(live)
        expect(wrong.shown(shownOf(live))).toEqual(right.shown(shownOf(live)))
      }),
    )
  })
})

describe('refusalText', () => {
  it.each([
    [
      'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than `x`\n @@ -1,2 +1,2 @@\n  "--password",\n  "S",',
      'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than `x` …',
    ],
    ['spec: Forbidden: no\n  core.PodSpec{\n  Env: S', 'spec: Forbidden: no …'],
    [
      'spec.template: Invalid value: core.PodTemplateSpec{Name:"PW", Value:"S"}: field is immutable',
      'spec.template: Invalid value: …: field is immutable',
    ],
    ['spec.template: Invalid value: {"a":{"b":"S', 'spec.template: Invalid value: …'],
    [
      'spec.replicas: Invalid value: -1: must be 0 or more',
      'spec.replicas: Invalid value: -1: must be 0 or more',
    ],
  ])('%j', (message, expected) => {
    expect(refusalText(message)).toBe(expected)
  })
})
