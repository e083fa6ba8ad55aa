import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../src/client/cluster.ts'
import { wholeDiff } from '../../src/diff/whole-diff.ts'

const sanitizer = createSanitizer({ key: 'whole-diff-test' })
const SECRET = 'Tr0ub4dor-and-3-horses'

const configMap = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
  data,
})
const diff = (before: KubeObject | undefined, after: KubeObject, given: unknown = {}) =>
  wholeDiff(sanitizer, before, after, given)

describe('wholeDiff', () => {
  it('shows every change whole, however long', async () => {
    const long = 'a line of a script\n'.repeat(500)
    const changes = await diff(
      configMap({ script: long }),
      configMap({ script: `${long}rm -rf /\n`, b: '1' }),
    )
    expect(changes.map(({ path }) => path)).toEqual(['data.b', 'data.script'])
    expect(JSON.parse(changes[1]!.after!)).toBe(`${long}rm -rf /\n`)
    expect(JSON.parse(changes[1]!.before!)).toBe(long)
  })

  it('tells that a secret changes, and not what it is or was', async () => {
    const changes = await diff(
      configMap({ DB_PASSWORD: SECRET }),
      configMap({ DB_PASSWORD: `${SECRET}2`, a: 'b' }),
    )
    expect(changes).toEqual([
      { path: 'data.DB_PASSWORD', hidden: true },
      { path: 'data.a', after: 'b' },
    ])
  })

  it('of a secret somebody gave does not tell whether it is the one that is there', async () => {
    const live = configMap({ DB_PASSWORD: SECRET })
    const guess = (password: string) =>
      diff(live, configMap({ DB_PASSWORD: password }), { data: { DB_PASSWORD: password } })
    expect(await guess(SECRET)).toEqual(await guess('wrong-guess-1234'))
    expect(await guess(SECRET)).toEqual([{ path: 'data.DB_PASSWORD', hidden: true }])
  })

  it('nor by a position in a list', async () => {
    const pod = (value: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'main', env: [{ name: 'API_TOKEN', value }] }] },
    })
    const given = { spec: { containers: { 0: { env: { 0: { value: SECRET } } } } } }
    expect(await diff(pod(SECRET), pod(SECRET), given)).toEqual([
      { path: 'spec.containers[main].env[API_TOKEN].value', hidden: true },
    ])
    // Not given, not changed: nothing to say.
    expect(await diff(pod(SECRET), pod(SECRET))).toEqual([])
  })

  it('hides a value that stands elsewhere now, but for what the caller wrote', async () => {
    const live = configMap({ DB_PASSWORD: SECRET })
    const moved = configMap({ DB_PASSWORD: SECRET, a: SECRET, b: `see ${SECRET}` })
    expect(await diff(live, moved)).toEqual([
      { path: 'data.a', hidden: true },
      { path: 'data.b', after: 'see [redacted:known]', hidden: true },
    ])
    const guess = await diff(live, configMap({ DB_PASSWORD: SECRET, a: SECRET }), { data: { a: SECRET } })
    expect(guess).toEqual([{ path: 'data.a', after: SECRET }])
  })

  it('shows what is around a secret in a longer text', async () => {
    const url = (host: string, password: string) =>
      configMap({ u: `postgres://app:${password}@${host}/shop` })
    const [change] = await diff(url('old', SECRET), url('new', `${SECRET}2`))
    expect(change).toMatchObject({ path: 'data.u', hidden: true })
    expect(change?.before).toContain('@old/shop')
    expect(change?.after).toContain('@new/shop')
    expect(JSON.stringify(change)).not.toContain(SECRET)
  })

  it('makes characters visible that nobody sees', async () => {
    const [change] = await diff(configMap({ image: 'nginx' }), configMap({ image: 'ngi\u200bnx\u202e' }))
    expect(change).toEqual({ path: 'data.image', before: 'nginx', after: 'ngi\\u{200b}nx\\u{202e}' })
  })

  it('ignores what only the API server writes, and refuses what is too much to show', async () => {
    const again = { ...configMap({}), status: { x: 1 }, metadata: { name: 'x', uid: 'v', generation: 7 } }
    expect(await diff(configMap({}), again)).toEqual([])
    const many = Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`k${index}`, 'v']))
    await expect(diff(configMap({}), configMap(many))).rejects.toMatchObject({ code: 'TOO_LARGE' })
    await expect(diff(configMap({}), configMap({ a: 'x y'.repeat(100_000) }))).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
  })

  it('is empty for equal objects only, and shows no character of a secret', async () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    const data = fc.dictionary(word, fc.string({ maxLength: 200, unit: 'binary' }), { maxKeys: 5 })
    const secret = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/)
    await fc.assert(
      fc.asyncProperty(data, data, secret, secret, async (a, b, was, is) => {
        const plain = await diff(configMap(a), configMap(b))
        const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
        expect(plain.length === 0).toBe(equal)
        const changes = await diff(configMap({ ...a, PASSWORD: was }), configMap({ ...b, PASSWORD: is }))
        const text = JSON.stringify(changes)
        expect(text.includes(was) || text.includes(is)).toBe(false)
        expect(changes.some(({ hidden }) => hidden)).toBe(was !== is)
      }),
      { numRuns: 150 },
    )
  })
})

const sorted = (data: Record<string, string>) => Object.entries(data).sort()
