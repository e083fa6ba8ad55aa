import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation, OperationTarget } from '../../src/index.ts'
import { optionsOf, parseKubectl, renderKubectl } from '../../src/kubectl/index.ts'

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/)
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?$/)
const target: fc.Arbitrary<OperationTarget> = fc.record(
  {
    kind: fc.constantFrom('Deployment', 'deploy', 'pods', 'StatefulSet', 'Widget', 'cronjob'),
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'example.com/v1beta1'),
    name,
    namespace: label,
    context: fc.constantFrom('prod', 'a b'),
  },
  { requiredKeys: ['kind', 'name'] },
)
// Everything a command line can carry: printable, no invisible characters.
const text = fc.string({
  unit: fc.constantFrom(...`abc xyz09'"\\$\`*?|&;<>()[]{}#~!=,:/@%+-_.äß你`),
  maxLength: 12,
})
// As a request carries it: no -0, which JSON does not know.
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)))
  .filter((value) => !/[^ -~]|__proto__|e[+-]|\\|\d{15}/.test(JSON.stringify(value)))
const object = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { minKeys: 1, maxKeys: 3 })
  .filter((value) => !('metadata' in value))
const image = fc.constantFrom('nginx', 'nginx:1.27', 'reg.example.com:5000/a/b@sha256:abc')
const templates = fc.constantFrom(
  (containers: unknown) => ({ spec: { template: { spec: { containers } } } }),
  (containers: unknown) => ({ spec: { containers } }),
)

const patch: fc.Arbitrary<Pick<Operation & { type: 'patch' }, 'patchType' | 'patch'>> = fc.oneof(
  fc.record({ patchType: fc.constantFrom('merge' as const, 'strategic' as const), patch: object }),
  fc.record({
    patchType: fc.constant('json' as const),
    patch: fc.array(
      fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: fc.constant('/spec/a'), value: json }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    patchType: fc.constantFrom('merge' as const, 'strategic' as const),
    patch: fc.record({
      metadata: fc.oneof(
        fc.record({
          labels: fc.dictionary(label, fc.oneof(label, fc.constant(null)), { minKeys: 1, maxKeys: 3 }),
        }),
        fc.record({
          annotations: fc.dictionary(label, fc.oneof(text, fc.constant(null)), { minKeys: 1, maxKeys: 3 }),
        }),
      ),
    }),
  }),
  fc.record({
    patchType: fc.constant('merge' as const),
    patch: fc.constantFrom({ spec: { paused: true } }, { spec: { paused: null } }),
  }),
  fc.record({
    patchType: fc.constant('strategic' as const),
    patch: fc
      .tuple(templates, fc.uniqueArray(label, { minLength: 1, maxLength: 2 }), image)
      .map(([at, names, one]) => at(names.map((each) => ({ name: each, image: one })))),
  }),
  fc.record({
    patchType: fc.constant('strategic' as const),
    patch: fc.tuple(templates, label, text).map(([at, each, value]) =>
      at([
        {
          name: each,
          env: [
            { name: 'A', value },
            { name: 'OLD', $patch: 'delete' },
          ],
        },
      ]),
    ),
  }),
)

const manifest = fc.record({
  apiVersion: fc.constantFrom('v1', 'apps/v1'),
  kind: fc.constantFrom('ConfigMap', 'Deployment'),
  name,
  namespace: fc.option(label, { nil: undefined }),
  spec: object,
})
const made = (type: 'create' | 'apply') =>
  manifest.map(
    ({ apiVersion, kind, name: own, namespace, spec }): Operation => ({
      type,
      target: { apiVersion, kind, name: own, ...(namespace && { namespace }) },
      object: { apiVersion, kind, metadata: { name: own, ...(namespace && { namespace }) }, spec },
    }),
  )

const operations: Record<Operation['type'], fc.Arbitrary<Operation>> = {
  create: made('create'),
  apply: made('apply'),
  patch: fc.tuple(target, patch).map(([at, rest]): Operation => ({ type: 'patch', target: at, ...rest })),
  scale: fc.record({
    type: fc.constant('scale' as const),
    target,
    replicas: fc.integer({ min: 0, max: 1_000 }),
  }),
  restart: fc.record({ type: fc.constant('restart' as const), target }),
  rollback: fc.record(
    { type: fc.constant('rollback' as const), target, revision: fc.integer({ min: 1, max: 99 }) },
    { requiredKeys: ['type', 'target'] },
  ),
  delete: fc.record(
    {
      type: fc.constant('delete' as const),
      target,
      gracePeriodSeconds: fc.integer({ min: 1, max: 600 }),
      propagation: fc.constantFrom('Background' as const, 'Foreground' as const, 'Orphan' as const),
    },
    { requiredKeys: ['type', 'target'] },
  ),
  evict: fc.record(
    { type: fc.constant('evict' as const), target, gracePeriodSeconds: fc.integer({ min: 1, max: 600 }) },
    { requiredKeys: ['type', 'target'] },
  ),
  exec: fc.record(
    {
      type: fc.constant('exec' as const),
      target: target.map(({ apiVersion: _none, ...rest }) => ({ ...rest, kind: 'pod' })),
      container: label,
      command: fc.array(text, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ['type', 'target', 'command'] },
  ),
  switchContext: fc.record({
    type: fc.constant('switchContext' as const),
    server: label,
    context: fc.stringMatching(/^[a-z][a-z0-9@ .-]{0,20}$/),
  }),
}

describe('what the page shows parses back to the same operation', () => {
  it.each(Object.entries(operations))('%s', (_type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (operation) => {
        const command = renderKubectl(operation)
        expect(parseKubectl(command, optionsOf(operation))).toMatchObject({ write: [operation] })
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, Operation]>([
    [
      'kubectl label pod web team=a old- --overwrite -n shop',
      {
        type: 'patch',
        target: { kind: 'pod', name: 'web', namespace: 'shop' },
        patchType: 'merge',
        patch: { metadata: { labels: { team: 'a', old: null } } },
      },
    ],
    [
      'kubectl rollout pause deploy web',
      {
        type: 'patch',
        target: { kind: 'deploy', name: 'web' },
        patchType: 'merge',
        patch: { spec: { paused: true } },
      },
    ],
    [
      'kubectl set image deploy web app=nginx:1.27',
      {
        type: 'patch',
        target: { kind: 'deploy', name: 'web' },
        patchType: 'strategic',
        patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] } } } },
      },
    ],
    [
      `kubectl exec web --container=app -n shop -- sh -c 'echo "$HOME"'`,
      {
        type: 'exec',
        target: { kind: 'pod', name: 'web', namespace: 'shop' },
        container: 'app',
        command: ['sh', '-c', 'echo "$HOME"'],
      },
    ],
    [
      'kubectl delete Pod.v1. web',
      { type: 'delete', target: { kind: 'Pod', apiVersion: 'v1', name: 'web' } },
    ],
  ])('%s', (text_, operation) => expect(renderKubectl(operation)).toBe(text_))

  it('what no command can carry is said, not shown wrongly', () => {
    const hidden: Operation = {
      type: 'exec',
      target: { kind: 'pod', name: 'web' },
      command: ['echo', 'a\nb'],
    }
    expect(renderKubectl(hidden)).toMatch(/^# exec: /)
  })
})
