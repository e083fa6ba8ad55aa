import { describe, expect, it } from 'vitest'
import {
  allowsClusterWide,
  type ChangeFacts,
  decide,
  loadPolicy,
  parsePolicy,
  type SwitchFacts,
} from '../../src/gate/index.ts'
import { change, core, pods, rbac } from './change.ts'

const standard = await loadPolicy(undefined)
const policy = (yaml: string) => parsePolicy(`version: 1\n${yaml}`, 'policy.yaml')
const at = async (facts: Partial<ChangeFacts>, yaml = '') =>
  decide(change(facts), yaml === '' ? standard : await policy(yaml))

describe('denied unless POLICY_FILE allows it, then at a raised level (operations.md, Gate, right column)', () => {
  const CRD = {
    ...core('CustomResourceDefinition', 'customresourcedefinitions', false),
    group: 'apiextensions.k8s.io',
  }
  const fresh = { type: 'create' as const, exists: false }
  const NEEDS: [string, Partial<ChangeFacts>, string, number][] = [
    [
      'a Namespace',
      { ...core('Namespace', 'namespaces', false), ...fresh },
      'allow: { kinds: [Namespace] }',
      3,
    ],
    ['a Role', { ...rbac('Role', 'roles', true), ...fresh }, 'allow: { kinds: [Role] }', 3],
    [
      'a RoleBinding',
      { ...rbac('RoleBinding', 'rolebindings', true), ...fresh },
      'allow: { kinds: [RoleBinding] }',
      3,
    ],
    ['a CRD', { ...CRD, ...fresh }, 'allow: { kinds: [CustomResourceDefinition] }', 3],
    [
      'a cordon',
      { ...core('Node', 'nodes', false), changedPaths: ['spec.unschedulable'], onlyCordon: true },
      'allow: { nodes: true }',
      3,
    ],
    [
      'a StorageClass',
      { ...core('StorageClass', 'storageclasses', false), group: 'storage.k8s.io' },
      'allow: { kinds: [StorageClass.storage.k8s.io] }',
      3,
    ],
    [
      'a Secret that is not there yet',
      { pods: pods({ newSecretRefs: ['later'] }) },
      'allow: { secretRefs: any }',
      2,
    ],
    [
      'a ServiceAccount that is not there yet',
      { pods: pods({ serviceAccounts: [{ before: 'default', after: 'later' }] }) },
      'allow: { serviceAccounts: any }',
      2,
    ],
  ]
  it.each(NEEDS)('%s', async (_what, facts, yaml, level) => {
    expect(await at(facts)).toHaveProperty('denied')
    expect(await at(facts, yaml)).toMatchObject({ level })
  })

  const ALLOWED: [string, Partial<ChangeFacts>, string][] = [
    ['exec', { ...core('Pod', 'pods'), type: 'exec', command: ['ls'] }, 'allow: { exec: false }'],
    [
      'a Secret that exists',
      { pods: pods({ newSecretRefs: ['db'] }), existing: { secrets: ['db'], serviceAccounts: [] } },
      'allow: { secretRefs: none }',
    ],
    [
      'a ServiceAccount that exists',
      {
        pods: pods({ serviceAccounts: [{ before: 'default', after: 'worker' }] }),
        existing: { secrets: [], serviceAccounts: ['worker'] },
      },
      'allow: { serviceAccounts: none }',
    ],
  ]
  it.each(ALLOWED)('%s is on by default and can be switched off', async (_what, facts, yaml) => {
    expect(await at(facts)).toMatchObject({ level: 2 })
    expect(await at(facts, yaml)).toHaveProperty('denied')
  })

  it('a CRD that exists is not changed, even where CRDs may be made', async () => {
    expect(await at({ ...CRD }, 'allow: { kinds: [CustomResourceDefinition] }')).toHaveProperty('denied')
  })

  it('of a Node nothing but the cordon', async () => {
    const facts = { ...core('Node', 'nodes', false), changedPaths: ['spec.taints[0].key'] }
    expect(await at(facts, 'allow: { nodes: true }')).toHaveProperty('denied')
  })

  it('what may be planned at all is what could be allowed', async () => {
    const both = await policy('allow: { kinds: [Namespace], nodes: true }')
    for (const [kind, group, ...expected] of [
      ['Namespace', '', false, true],
      ['Node', '', false, true],
      ['ClusterRole', 'rbac.authorization.k8s.io', false, false],
    ] as const) {
      expect([standard, both].map((one) => allowsClusterWide(one, { kind, group }))).toEqual(expected)
    }
  })

  it('a cluster-wide kind that only looks like a namespaced one', async () => {
    const lookalike = {
      group: 'example.com',
      kind: 'Pod',
      resource: 'pods',
      namespaced: false,
      namespace: '',
    }
    expect(await at(lookalike)).toHaveProperty('denied')
    expect(await at({ ...lookalike, namespaced: true })).toHaveProperty('denied')
    expect(
      await at({ ...lookalike, type: 'exec', command: ['ls'] }, 'allow: { kinds: [Pod.example.com] }'),
    ).toHaveProperty('denied')
  })

  it('a kind of the same name in another group is not the one that is allowed', async () => {
    const facts = { ...core('Namespace', 'namespaces', false), group: 'example.com', ...fresh }
    expect(await at(facts, 'allow: { kinds: [Namespace] }')).toHaveProperty('denied')
  })
})

describe('configuration', () => {
  it.each<[string, Partial<ChangeFacts>, string]>([
    ['namespaces.allow', {}, 'namespaces: { allow: [dev-*] }'],
    ['namespaces.deny', {}, 'namespaces: { deny: [sh*p] }'],
    ['kinds.deny by kind', {}, 'kinds: { deny: [Deployment] }'],
    ['kinds.deny by group', {}, 'kinds: { deny: ["*.apps"] }'],
    [
      'budgets.changesPerHour',
      { requester: { subject: 'a', kind: 'agent', changesLastHour: 5 } },
      'budgets: { changesPerHour: 5 }',
    ],
    ['budgets.operationsPerPlan', { planSize: 3 }, 'budgets: { operationsPerPlan: 2 }'],
    ['budgets.dependents', { type: 'delete', dependents: 6 }, 'budgets: { dependents: 5 }'],
  ])('%s denies', async (_what, facts, yaml) => {
    expect(await at(facts)).toHaveProperty('level')
    expect(await at(facts, yaml)).toHaveProperty('denied')
  })

  it.each<[string, string, number, number]>([
    ['by namespace', 'require: [{ namespaces: [shop], level: 3, because: production }]', 3, 1],
    [
      'by kind and type',
      'require: [{ kinds: [Deployment.apps], types: [patch], approvers: 2, because: two }]',
      1,
      2,
    ],
    [
      'fewer people at a higher level',
      'approvers: { level1: 2 }\nrequire: [{ types: [patch], level: 2, because: x }]',
      2,
      2,
    ],
    ['people per level', 'approvers: { level1: 2 }', 1, 2],
    ['another namespace', 'require: [{ namespaces: [prod-*], level: 3, because: production }]', 1, 1],
  ])('require %s', async (_what, yaml, level, approvers) => {
    expect(await at({}, yaml)).toMatchObject({ level, approvers })
  })

  it('a context switch is judged by budgets, requirements and rules', async () => {
    const facts: SwitchFacts = {
      type: 'switchContext',
      server: '08_k8s_mcp',
      context: 'prod',
      planSize: 1,
      requester: { subject: 'a', kind: 'agent', changesLastHour: 0 },
    }
    expect(decide(facts, standard)).toEqual({ level: 1, approvers: 1, rules: [] })
    const rule = await policy(
      `rules: [{ name: prod, when: 'change.type == "switchContext" && change.context == "prod"', deny: not there }]`,
    )
    expect(decide(facts, rule)).toEqual({ denied: ['not there (rule prod)'] })
  })
})

describe('levels by the nature of a change', () => {
  it.each<[string, Partial<ChangeFacts>, number]>([
    ['an annotation', {}, 1],
    ['a restart', { type: 'restart' }, 1],
    ['scaling', { type: 'scale', replicas: { before: 2, after: 5 } }, 1],
    ['scaling to zero', { type: 'scale', replicas: { before: 2, after: 0 } }, 2],
    [
      'another tag',
      { pods: pods({ images: [{ container: 'web', before: 'r:5000/a:1', after: 'r:5000/a:2' }] }) },
      1,
    ],
    [
      'another repository',
      { pods: pods({ images: [{ container: 'web', before: 'a:1', after: 'evil/a:1' }] }) },
      2,
    ],
    [
      'another program with access to the node',
      {
        pods: pods({
          keptPrivileges: ['x privileged'],
          images: [{ container: 'x', before: 'a:1', after: 'a:2' }],
        }),
      },
      3,
    ],
    [
      'exec with access to the node',
      {
        ...core('Pod', 'pods'),
        type: 'exec',
        command: ['sh'],
        pods: pods({ keptPrivileges: ['x privileged'] }),
      },
      3,
    ],
    ['an added container', { pods: pods({ newContainers: ['spec.initContainers[x]'] }) }, 2],
    ['another command', { pods: pods({ changedCommands: ['web'] }) }, 2],
    ['a deletion', { ...core('Pod', 'pods'), type: 'delete', dependents: null }, 2],
    ['a deletion that takes many along', { type: 'delete', dependents: 21 }, 3],
    ['a deletion nobody counted', { type: 'delete', dependents: null }, 3],
    ['an eviction', { ...core('Pod', 'pods'), type: 'evict' }, 2],
    ['other owners', { ownersChanged: true }, 3],
    [
      'labels a NetworkPolicy selects by',
      { changedLabels: ['app'], selectedBy: ['NetworkPolicy deny-all'] },
      2,
    ],
    ['labels nobody looked up', { changedLabels: ['app'], selectedBy: null }, 2],
    ['labels nothing selects by', { changedLabels: ['team'], selectedBy: [] }, 1],
    [
      'a NetworkPolicy',
      { kind: 'NetworkPolicy', group: 'networking.k8s.io', resource: 'networkpolicies' },
      2,
    ],
    [
      'other pods behind a Service',
      { ...core('Service', 'services'), changedPaths: ['spec.selector.app'] },
      2,
    ],
    [
      'other pull secrets of an identity',
      { ...core('ServiceAccount', 'serviceaccounts'), changedPaths: ['imagePullSecrets[0].name'] },
      2,
    ],
    [
      'a snippet of an Ingress',
      { changedPaths: ['metadata.annotations["nginx.ingress.kubernetes.io/server-snippet"]'] },
      3,
    ],
    [
      'endpoints by hand',
      { kind: 'EndpointSlice', group: 'discovery.k8s.io', resource: 'endpointslices' },
      3,
    ],
    ['an exposed Service', { ...core('Service', 'services'), changedPaths: ['spec.externalIPs[0]'] }, 2],
    ['metadata of a Secret', { ...core('Secret', 'secrets'), changedPaths: ['metadata.labels.a'] }, 2],
    [
      'a wrapper of Secrets',
      { kind: 'ExternalSecret', group: 'external-secrets.io', resource: 'externalsecrets' },
      3,
    ],
    [
      'a label of a ServiceAccount, with our mark',
      {
        ...core('ServiceAccount', 'serviceaccounts'),
        changedPaths: ['metadata.labels.a', 'metadata.annotations["gatehouse.dev/operation"]'],
      },
      1,
    ],
    [
      'identity outside the cluster',
      {
        ...core('ServiceAccount', 'serviceaccounts'),
        changedPaths: ['metadata.annotations["eks.amazonaws.com/role-arn"]'],
      },
      3,
    ],
    ['concerns', { pods: pods({ concerns: ['web runs as root'] }) }, 2],
  ])('%s', async (_what, facts, level) => {
    const decision = await at(facts)
    expect(decision).toMatchObject({ level })
    if (level > 1) expect((decision as { rules: string[] }).rules).not.toEqual([])
  })
})
