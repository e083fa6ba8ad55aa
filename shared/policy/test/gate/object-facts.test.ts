import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectFacts, podSpecFacts } from '../../src/gate/index.ts'

const facts = (before: unknown, after: unknown, kind = 'Widget', group = 'example.com') =>
  objectFacts({ type: 'patch', group, kind, before, after })

describe('objectFacts', () => {
  it('names what differs, and not what the server keeps', () => {
    const before = {
      metadata: { name: 'a', resourceVersion: '1', labels: { 'a.b/c': '1' } },
      spec: { list: [1, { x: 1 }], gone: 1 },
      status: { a: 1 },
    }
    const after = {
      metadata: { name: 'a', resourceVersion: '2', labels: { 'a.b/c': '2' } },
      spec: { list: [1, { x: 2 }, 3], new: { deep: true } },
      status: { a: 2 },
    }
    expect(facts(before, after).changedPaths.toSorted()).toEqual(
      ['metadata.labels["a.b/c"]', 'spec.gone', 'spec.list[1].x', 'spec.list[2]', 'spec.new.deep'].toSorted(),
    )
  })

  it('a list too long says so', () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${index}`, 1]))
    expect(facts({ spec: {} }, { spec: many }).changedPaths.at(-1)).toBe('…')
  })

  it('finds pod specs in kinds nobody knows, several in one object', () => {
    const after = {
      spec: {
        worker: { podTemplate: { spec: { containers: [{ name: 'a', image: 'x' }], hostPID: true } } },
        runs: [
          {
            spec: {
              serviceAccountName: 'one',
              containers: [{ name: 'b', image: 'x', securityContext: { privileged: 'true' } }],
            },
          },
        ],
        other: { spec: { serviceAccountName: 'two', initContainers: [{ name: 'c', image: 'x' }] } },
      },
    }
    expect(facts(undefined, after).pods).toMatchObject({
      newPrivileges: ['spec.worker.podTemplate.spec.hostPID', 'spec.runs[0].spec.containers[b] privileged'],
      serviceAccounts: [
        { before: null, after: 'one' },
        { before: null, after: 'two' },
      ],
    })
  })

  it('a template that only adds to others counts as well', () => {
    expect(
      facts(undefined, { spec: { template: { spec: { hostNetwork: true } } } }).pods?.newPrivileges,
    ).toEqual(['spec.template.spec.hostNetwork'])
  })

  it('a volume on the disk of a node', () => {
    expect(
      facts(undefined, { spec: { hostPath: { path: '/etc' } } }, 'PersistentVolume', '').pods?.newPrivileges,
    ).toEqual(['hostPath /etc'])
  })

  it.each<[string, unknown, string[]]>([
    ['wildcards', { rules: [{ verbs: ['*'], resources: ['pods'], apiGroups: [''] }] }, ['verbs "*"']],
    ['Secrets', { rules: [{ verbs: ['get'], resources: ['secrets'], apiGroups: [''] }] }, ['secrets']],
    [
      'tokens',
      { rules: [{ verbs: ['create'], resources: ['serviceaccounts/token'], apiGroups: [''] }] },
      ['serviceaccounts/token'],
    ],
    ['exec', { rules: [{ verbs: ['create'], resources: ['pods/exec'], apiGroups: [''] }] }, ['pods/exec']],
    [
      'escalation',
      { rules: [{ verbs: ['bind', 'escalate', 'impersonate'], resources: ['roles'], apiGroups: ['x'] }] },
      ['verb bind', 'verb escalate', 'verb impersonate'],
    ],
    [
      'RBAC',
      { rules: [{ verbs: ['get'], resources: ['roles'], apiGroups: ['rbac.authorization.k8s.io'] }] },
      ['rbac.authorization.k8s.io'],
    ],
    [
      'everybody',
      { subjects: [{ kind: 'Group', name: 'system:authenticated' }], roleRef: { kind: 'Role', name: 'r' } },
      ['something to system:authenticated'],
    ],
    [
      'cluster-admin',
      { subjects: [], roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } },
      ['the ClusterRole cluster-admin'],
    ],
    ['nothing much', { rules: [{ verbs: ['get'], resources: ['pods'], apiGroups: [''] }] }, []],
  ])('grants: %s', (_what, object, excessive) => {
    expect(facts(undefined, object, 'Role', 'rbac.authorization.k8s.io').grants).toEqual({ excessive })
  })

  it('a cordon is a cordon and nothing else', () => {
    const node = (spec: object) => ({ metadata: { name: 'n' }, spec })
    expect(facts(node({}), node({ unschedulable: true }), 'Node', '').onlyCordon).toBe(true)
    expect(
      facts(node({}), node({ unschedulable: true, taints: [{ key: 'a' }] }), 'Node', '').onlyCordon,
    ).toBe(false)
    const marked = {
      metadata: { name: 'n', annotations: { 'gatehouse.dev/operation': 'x' } },
      spec: { unschedulable: true },
    }
    expect(facts(node({}), marked, 'Node', '').onlyCordon).toBe(true)
    expect(facts(node({}), { ...marked, spec: {} }, 'Node', '').onlyCordon).toBe(false)
    expect(facts(node({}), node({ unschedulable: true }), 'Node', 'example.com').onlyCordon).toBe(false)
  })

  it('anything at all gives facts, and nothing but depth is an error', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), fc.anything({ maxDepth: 4 }), (before, after) => {
        expect(facts(before, after).changedPaths.length).toBeLessThanOrEqual(501)
      }),
    )
    let deep: unknown = {}
    for (let level = 0; level < 200; level++) deep = { deep }
    expect(() => podSpecFacts(undefined, deep)).toThrow(RangeError)
  })

  it('a privilege is found however the container is written, and never by accident', () => {
    const field = fc.constantFrom('image', 'name', 'command', 'env', 'securityContext', 'volumeMounts')
    const container = fc.dictionary(field, fc.anything({ maxDepth: 2 }), { maxKeys: 4 })
    fc.assert(
      fc.property(fc.array(container, { minLength: 1, maxLength: 3 }), (containers) => {
        const spec = {
          spec: {
            containers: [{ ...containers[0], securityContext: { privileged: true } }, ...containers.slice(1)],
          },
        }
        expect(podSpecFacts(undefined, spec)?.newPrivileges.join()).toContain('privileged')
        expect(podSpecFacts(spec, spec)?.newPrivileges).toEqual([])
      }),
    )
  })
})
