import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChangeFacts,
  changeTypes,
  decide,
  loadPolicy,
  type Policy,
  parsePolicy,
} from '../../src/gate/index.ts'
import { change, pods } from './change.ts'

const KINDS: [string, string, string, boolean][] = [
  ['', 'Pod', 'pods', true],
  ['', 'Secret', 'secrets', true],
  ['', 'Namespace', 'namespaces', false],
  ['', 'Node', 'nodes', false],
  ['', 'PersistentVolumeClaim', 'persistentvolumeclaims', true],
  ['apps', 'Deployment', 'deployments', true],
  ['rbac.authorization.k8s.io', 'Role', 'roles', true],
  ['rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles', false],
  ['apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', false],
  ['certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests', false],
]
const facts = fc
  .record({
    type: fc.constantFrom(...changeTypes),
    kind: fc.constantFrom(...KINDS),
    namespace: fc.constantFrom('shop', 'kube-system', 'gatehouse', 'prod', ''),
    name: fc.constantFrom('web', 'kube-x', '', '*', 'sh.helm.release.v1.a.v1'),
    exists: fc.boolean(),
    changedPaths: fc.subarray(['data.key', 'metadata.labels.a', 'spec.replicas', '…']),
    finalizersChanged: fc.boolean(),
    force: fc.boolean(),
    gracePeriodSeconds: fc.constantFrom(null, 0, 30),
    grants: fc.constantFrom<ChangeFacts['grants']>(null, { excessive: [] }, { excessive: ['verbs "*"'] }),
    pods: fc.constantFrom(
      null,
      pods(),
      pods({ newPrivileges: ['hostPID'] }),
      pods({ newSecretRefs: ['db'], images: [{ container: 'a', before: null, after: 'b' }] }),
    ),
    command: fc.constantFrom<string[] | null>(null, ['ls']),
    dependents: fc.constantFrom(null, 0, 30, 900),
    planSize: fc.constantFrom(1, 30, 500),
  })
  .map(
    ({ kind: [group, kind, resource, namespaced], ...rest }): ChangeFacts =>
      change({ group, kind, resource, namespaced, ...rest, ...(!namespaced && { namespace: '' }) }),
  )

const rule = fc.record({
  when: fc.constantFrom(
    'true',
    'false',
    'change.namespace == "shop"',
    'change.exists',
    'change.dependents > 10',
    'change.kind + 1 == 2',
    'change.images.exists(i, i.after.matches("(a+)+$"))',
    'change.name',
  ),
  effect: fc.constantFrom({ deny: 'no' }, { level: 1 }, { level: 2 }, { level: 3 }, { approvers: 2 }),
})
const settings = fc.record({
  allow: fc.record({
    kinds: fc.subarray(['Namespace', 'Role', 'RoleBinding', 'CustomResourceDefinition']),
    secretRefs: fc.constantFrom('none', 'existing', 'any'),
    serviceAccounts: fc.constantFrom('none', 'existing', 'any'),
    exec: fc.boolean(),
    nodes: fc.boolean(),
  }),
  namespaces: fc.record({
    allow: fc.constantFrom(['*'], ['shop'], ['kube-*', '*']),
    deny: fc.constantFrom([], ['prod']),
  }),
  budgets: fc.record({ changesPerHour: fc.constantFrom(0, 60), dependents: fc.constantFrom(0, 100_000) }),
  approvers: fc.record({ level1: fc.constantFrom(1, 2), level3: fc.constantFrom(1, 3) }),
})
type Rule = { when: string; effect: object }

// JSON is YAML.
const make = (base: object, rules: Rule[]): Promise<Policy> =>
  parsePolicy(
    JSON.stringify({
      version: 1,
      ...base,
      rules: rules.map(({ when, effect }, index) => ({ name: `r${index}`, when, ...effect })),
    }),
    'generated',
  )
const weight = (policy: Policy, one: ChangeFacts) => {
  const decision = decide(one, policy)
  return 'denied' in decision ? { level: 99, approvers: 99 } : decision
}

const standard = await loadPolicy(undefined)

describe('the gate', () => {
  it('no configuration and no rules turn a hard denial into anything else', async () => {
    let denied = 0
    await fc.assert(
      fc.asyncProperty(facts, settings, fc.array(rule, { maxLength: 4 }), async (one, base, rules) => {
        const hard = hardDenials(one)
        if (hard.length === 0) return
        denied++
        const decision = decide(one, await make(base, rules))
        expect('denied' in decision && decision.denied).toEqual(expect.arrayContaining(hard))
      }),
      { numRuns: 800 },
    )
    expect(denied).toBeGreaterThan(100)
  })

  it('more rules never make a decision weaker', async () => {
    await fc.assert(
      fc.asyncProperty(
        facts,
        settings,
        fc.array(rule, { maxLength: 3 }),
        rule,
        async (one, base, rules, more) => {
          const before = weight(await make(base, rules), one)
          const after = weight(await make(base, [...rules, more]), one)
          expect(after.level).toBeGreaterThanOrEqual(before.level)
          expect(after.approvers).toBeGreaterThanOrEqual(before.approvers)
        },
      ),
      { numRuns: 800 },
    )
  })

  it('never throws, and anything it does not know is denied', () => {
    const wild = fc.oneof(
      fc.anything(),
      facts.chain((one) =>
        fc
          .tuple(fc.constantFrom(...Object.keys(one)), fc.anything())
          .map(([key, value]) => ({ ...one, [key]: value })),
      ),
    )
    fc.assert(
      fc.property(wild, (one) => {
        const decision = decide(one as ChangeFacts, standard)
        if ('denied' in decision) expect(decision.denied.length).toBeGreaterThan(0)
        else expect([1, 2, 3]).toContain(decision.level)
      }),
      { numRuns: 1_000 },
    )
    expect(decide(fc.sample(fc.object(), 1)[0] as unknown as ChangeFacts, standard)).toHaveProperty('denied')
  })

  it('the same facts and the same policy give the same decision', async () => {
    await fc.assert(
      fc.asyncProperty(facts, settings, fc.array(rule, { maxLength: 3 }), async (one, base, rules) => {
        const [a, b] = [await make(base, rules), await make(base, rules)]
        expect(a.digest).toBe(b.digest)
        expect(decide(one, a)).toEqual(decide(structuredClone(one), b))
      }),
      { numRuns: 100 },
    )
  })
})

// Written down a second time, plainly, and not by the code under test.
function hardDenials(one: ChangeFacts): unknown[] {
  const { type, group, kind, namespace, name, exists } = one
  const wanted: RegExp[] = []
  if (/^kube-/.test(kind === 'Namespace' ? name : namespace)) wanted.push(/^Nothing in kube-/)
  if ((kind === 'Namespace' ? name : namespace) === 'gatehouse') wanted.push(/Gatehouse runs/)
  if (type === 'delete' && /^(Namespace|Node|PersistentVolumeClaim|CustomResource)/.test(kind))
    wanted.push(/never deleted/)
  if (group === 'certificates.k8s.io') wanted.push(/Certificate/)
  if (kind === 'ClusterRole') wanted.push(/Cluster-wide RBAC/)
  if (
    kind === 'Secret' &&
    (type === 'create' || (type !== 'delete' && one.changedPaths.includes('data.key')))
  ) {
    wanted.push(/Content of Secrets|Helm/)
  }
  if (exists && one.finalizersChanged) wanted.push(/Finalizers/)
  if (one.force) wanted.push(/by force/)
  if (one.gracePeriodSeconds === 0) wanted.push(/without notice/)
  if (one.pods?.newPrivileges.length) wanted.push(/hostPID/)
  if (one.grants?.excessive.length) wanted.push(/not granted/)
  if (one.planSize > 100) wanted.push(/more than 100/)
  if (name === '' || name === '*') wanted.push(/by its name/)
  return wanted.map((reason) => expect.stringMatching(reason))
}
