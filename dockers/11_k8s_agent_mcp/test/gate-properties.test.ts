import { GatehouseError } from '@gatehouse/errors'
import { gateIntent, gateResolved, type Intent, type ResolvedKind } from '@gatehouse/policy'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const NEAR = ['secret', 'secrets', 'configmap', 'configmaps', 'cm', 'Secret', 'ConfigMap', 'SecretList']
const FAR = ['pods', 'Pod', 'widgets', 'nodes', 'Node', 'namespaces', 'persistentvolumes', 'events', 'ſecret']
const ODD = [
  '',
  '.',
  '..',
  '/',
  ',',
  ' ',
  '\0',
  '\n',
  '\t',
  '%',
  '*',
  '\u200b',
  'K',
  'v1',
  'core',
  'example.org',
]

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NEAR, ...FAR) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
)
const mixedCase = (text: string, bits: number) =>
  [...text].map((letter, at) => ((bits >> (at % 16)) & 1 ? letter.toUpperCase() : letter)).join('')
const word = fc
  .tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '.'), fc.nat(0xffff))
  .map(([pieces, glue, bits]) => mixedCase(pieces.join(glue), bits))
const version = fc.option(
  fc.oneof(fc.constantFrom('v1', 'apps/v1', 'example.org/v1', 'core/v1', '/v1', 'V1'), word),
  { nil: undefined },
)
const intent: fc.Arbitrary<Intent> = fc.record({
  verb: fc.constantFrom('list', 'get', 'delete'),
  kind: fc.oneof(fc.constantFrom(...NEAR, ...FAR), word),
  apiVersion: version,
  namespace: fc.constantFrom('shop', 'kube-system', 'kube-x', 'default'),
  name: fc.option(fc.constantFrom('x', ''), { nil: undefined }),
})
// Whatever discovery may say, true or not.
const resource: fc.Arbitrary<ResolvedKind> = fc
  .record({
    group: fc.constantFrom('', 'apps', 'example.org'),
    kind: fc.oneof(fc.constantFrom(...NEAR, ...FAR), word),
    plural: fc.oneof(fc.constantFrom(...NEAR, ...FAR), word),
    namespaced: fc.boolean(),
  })
  .map((one) => ({ ...one, apiVersion: one.group ? `${one.group}/v1` : 'v1' }))

const passes = (asked: Intent, found: ResolvedKind): boolean => {
  try {
    gateIntent(asked)
    gateResolved(asked, found)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(GatehouseError)
    return false
  }
}
const isBlockedName = (name: string) =>
  /^(secret|secrets|secretlist|configmaps?|configmaplist|cm)$/i.test(name)

it('no input passes both gates to core Secrets, ConfigMaps, anything cluster-wide, or without a name', () => {
  let passed = 0
  fc.assert(
    fc.property(intent, resource, (asked, found) => {
      if (!passes(asked, found)) return
      passed++
      expect(found.namespaced).toBe(true)
      expect(asked.verb === 'list' || Boolean(asked.name)).toBe(true)
      if (found.group === '') {
        expect(isBlockedName(found.plural), found.plural).toBe(false)
        expect(isBlockedName(found.kind), found.kind).toBe(false)
      }
      if (isBlockedName(found.plural) || isBlockedName(found.kind))
        expect(asked.apiVersion).toBe(found.apiVersion)
      if (asked.verb === 'delete') {
        expect(asked.namespace).not.toMatch(/^kube-/)
        expect(
          found.group === '' &&
            /^(namespaces|nodes|persistentvolumes?|persistentvolumeclaims?)$/.test(found.plural),
        ).toBe(false)
      }
    }),
    { numRuns: 20_000 },
  )
  // Otherwise it proves nothing.
  expect(passed).toBeGreaterThan(500)
})

it('what passes the first gate as a kind is one word of plain letters, at most with its group', () => {
  fc.assert(
    fc.property(intent, (asked) => {
      try {
        gateIntent(asked)
      } catch {
        return
      }
      expect(asked.kind).toMatch(/^[A-Za-z][A-Za-z0-9.-]*$/)
      expect(asked.kind).not.toMatch(/\.\.|\.$/)
    }),
    { numRuns: 10_000 },
  )
})

it('a kind that shares its name is let through with its apiVersion only', () => {
  const found = {
    group: 'example.org',
    apiVersion: 'example.org/v1',
    kind: 'Secret',
    plural: 'secrets',
    namespaced: true,
  }
  const asked = { verb: 'get', kind: 'Secret', namespace: 'shop', name: 'x' } as const
  expect(passes({ ...asked, apiVersion: 'example.org/v1' }, found)).toBe(true)
  for (const apiVersion of [undefined, 'v1', 'example.org/v2', 'other.org/v1'])
    expect(passes({ ...asked, apiVersion }, found)).toBe(false)
  for (const kind of ['Vault', 'vaults', 'v'])
    expect(passes({ ...asked, kind }, found), `another name for it: ${kind}`).toBe(false)
})
