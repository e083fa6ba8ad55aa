import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../src/client/cluster.ts'
import { traceSteps } from '../../src/diff/trace-steps.ts'
import { wholeDiff } from '../../src/diff/whole-diff.ts'

const sanitizer = createSanitizer({ key: 'trace-steps-test' })
const SECRET = /plum-horse|pear9/

interface Step {
  op: string
  path: string
  from?: string
  value?: unknown
}
// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Json = any

/** RFC 6902, as far as the test needs it; throws where a step cannot be done. */
function patched(object: KubeObject, steps: readonly Step[]): KubeObject {
  const root: Json = structuredClone(object)
  const place = (pointer: string): [Json, string] => {
    const keys = pointer
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = keys.pop() ?? ''
    return [keys.reduce((at, key) => at[key], root), last]
  }
  const get = (pointer: string): Json => {
    const [owner, key] = place(pointer)
    if (owner[key] === undefined) throw new Error('nothing there')
    return structuredClone(owner[key])
  }
  const remove = (pointer: string) => {
    get(pointer)
    const [owner, key] = place(pointer)
    if (Array.isArray(owner)) owner.splice(Number(key), 1)
    else delete owner[key]
  }
  const add = (pointer: string, value: Json) => {
    const [owner, key] = place(pointer)
    if (owner === null || typeof owner !== 'object') throw new Error('no such place')
    if (Array.isArray(owner)) owner.splice(key === '-' ? owner.length : Number(key), 0, value)
    else owner[key] = value
  }
  for (const { op, path, from = '', value } of steps) {
    if (op === 'copy') add(path, get(from))
    else if (op === 'move') {
      const taken = get(from)
      remove(from)
      add(path, taken)
    } else {
      if (op !== 'add') remove(path)
      // A later step may change what this one added; what the caller wrote stays as he wrote it.
      if (op !== 'remove') add(path, structuredClone(value))
    }
  }
  return root
}

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const variable = fc.oneof(
  fc.record({ name: word, value: word }),
  fc.record({
    name: fc.constantFrom('DB_PASSWORD', 'API_TOKEN', 'CLIENT_SECRET'),
    // One that is too short to be looked for anywhere else.
    value: fc.oneof(
      fc.stringMatching(/^[0-9]{3}$/).map((end) => `plum-horse-${end}x`),
      fc.constant('pear9'),
    ),
  }),
)
const object = fc
  .record({ env: fc.array(variable, { minLength: 2, maxLength: 5 }), note: word, password: fc.boolean() })
  .map(({ env, note, password }): KubeObject & { spec: Json } => ({
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'x', annotations: { note } },
    spec: {
      env,
      labels: { a: note },
      ...(password && { auth: { password: 'plum-horse-inner' } }),
    },
  }))
const pointer = fc.oneof(
  fc.tuple(fc.nat(4), fc.constantFrom('', '/name', '/value')).map(([at, field]) => `/spec/env/${at}${field}`),
  fc.constantFrom(
    '/spec/env',
    '/spec/env/-',
    '/spec/labels/a',
    '/spec/labels',
    '/spec/auth',
    '/spec/auth/password',
    '/spec/image',
    '/metadata/annotations/x',
  ),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constantFrom('copy', 'move'), path: pointer, from: pointer }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: pointer, value: fc.oneof(word, variable) }),
  fc.record({ op: fc.constant('replace'), path: fc.nat(4).map((at) => `/spec/env/${at}/name`), value: word }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
)
/** What the caller wrote himself may be shown. */
const isHis = (steps: readonly Step[], text: string) =>
  steps.some(({ value }) => value !== undefined && JSON.stringify(value).includes(text))

describe('a JSON patch', () => {
  it('never brings a masked value into the difference', async () => {
    let [seen, refused] = [0, 0]
    await fc.assert(
      fc.asyncProperty(object, fc.array(step, { minLength: 1, maxLength: 4 }), async (live, steps) => {
        let after: KubeObject
        try {
          after = patched(live, steps)
        } catch {
          return
        }
        try {
          const traced = await traceSteps(sanitizer, live, steps)
          const changes = await wholeDiff(sanitizer, live, after, {}, traced)
          const found = SECRET.exec(JSON.stringify(changes))?.[0]
          expect(found === undefined || isHis(steps, found), JSON.stringify(changes)).toBe(true)
          seen++
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' })
          refused++
        }
      }),
      { numRuns: 400 },
    )
    expect(Math.min(seen, refused)).toBeGreaterThan(10)
  })

  const live = {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'x' },
    spec: {
      env: [
        { name: 'DB_PASSWORD', value: 'pear9' },
        { name: 'MODE', value: 'a' },
      ],
    },
  }
  const trace = (...steps: Step[]) => traceSteps(sanitizer, live, steps)

  it.each([
    ['a masked value', [{ op: 'copy', from: '/spec/env/0/value', path: '/spec/x' }]],
    ['what holds one', [{ op: 'move', from: '/spec/env', path: '/spec/x' }]],
    [
      'one that was renamed before',
      [
        { op: 'replace', path: '/spec/env/0/name', value: 'MODE2' },
        { op: 'copy', from: '/spec/env/0/value', path: '/spec/x' },
      ],
    ],
    [
      'one that another step brought to its place',
      [
        { op: 'add', path: '/spec/env/0', value: { name: 'B', value: 'b' } },
        { op: 'copy', from: '/spec/env/1/value', path: '/spec/x' },
      ],
    ],
  ] as [string, Step[]][])('does not take %s elsewhere', async (_what, steps) => {
    await expect(trace(...steps)).rejects.toThrow(/takes a value from/)
  })

  it('that counts positions in another way is not followed blindly', async () => {
    await expect(trace({ op: 'copy', from: '/spec/env/-2/value', path: '/spec/x' })).rejects.toThrow(
      /there is no/,
    )
    await expect(trace({ op: 'replace', path: '/spec/env/-2/name', value: 'B' })).rejects.toThrow(
      /there is no/,
    )
  })

  it('copies anything else', async () => {
    const traced = await trace({ op: 'copy', from: '/spec/env/1/value', path: '/spec/x' })
    expect([...traced.masked]).toEqual([['/spec/env/0/value', 'pear9']])
  })

  it('that renames an entry beside its value keeps the value hidden, however short', async () => {
    const steps = [{ op: 'replace', path: '/spec/env/0/name', value: 'MODE2' }]
    const changes = await wholeDiff(sanitizer, live, patched(live, steps), {}, await trace(...steps))
    expect(changes.filter(({ hidden }) => hidden).map(({ path }) => path)).toEqual([
      'spec.env[DB_PASSWORD]',
      'spec.env[MODE2]',
    ])
    expect(JSON.stringify(changes)).not.toContain('pear9')
  })
})
