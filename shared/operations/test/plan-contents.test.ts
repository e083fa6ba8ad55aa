import { decide, loadPolicy, type RequesterFacts } from '@gatehouse/policy/gate'
import { beforeAll, describe, expect, it } from 'vitest'
import { factsOf, type Operation, planOperations, undoOf } from '../src/index.ts'
import { type Bench, bench, clustersOf, deployment, given, type KubeJson } from './harness.ts'

// What a person decides by, and what the gate judges.
let b: Bench
beforeAll(async () => {
  b = await bench()
})

const target = (kind: string, name: string) => ({ kind, name, namespace: b.namespace })
const hpa = (name: string): KubeJson => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: b.namespace },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ],
  },
})

describe('impact', () => {
  it('names pods, autoscaler, budget, manager and other writers', async () => {
    const web = deployment('web', b.namespace, 2)
    web.metadata.annotations = {
      'meta.helm.sh/release-name': 'shop',
      'meta.helm.sh/release-namespace': b.namespace,
    }
    await given(b, web, hpa('web'), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: b.namespace },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    })
    await b.handle.kubectl([
      'wait',
      'pdb/web',
      '-n',
      b.namespace,
      '--for=jsonpath={.status.disruptionsAllowed}=1',
    ])
    const { impact } = await b.plan({ type: 'scale', target: target('deploy', 'web'), replicas: 1 })
    expect(impact).toEqual([
      'Pods: 2 now, 1 after',
      'HorizontalPodAutoscaler web keeps the number between 2 and 6 and will set it again',
      'PodDisruptionBudget web allows 1 disruption now, which does not hold this change back',
      'Helm release shop manages it: this change is drift, and its next update takes it back',
      'Its fields are also written by kubectl',
    ])
  })

  it('says what could not be seen instead of nothing', async () => {
    await given(b, deployment('seen', b.namespace, 1))
    const { cert, key } = await b.handle.certificate('narrow')
    const rbac = 'rbac.authorization.k8s.io'
    const metadata = { name: 'narrow' }
    const rule = (apiGroup: string, resources: string[], verbs: string[]) => ({
      apiGroups: [apiGroup],
      resources,
      verbs,
    })
    await given(
      b,
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRole',
        metadata,
        rules: [rule('apps', ['deployments'], ['get', 'patch']), rule('', ['namespaces'], ['get'])],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'narrow' },
        subjects: [{ apiGroup: rbac, kind: 'User', name: 'narrow' }],
      },
    )
    const kubeconfig = await b.handle.writeKubeconfig('narrow', [
      { name: 'gatehouse-test', user: { certificate: { cert, key } } },
    ])
    const clusters = clustersOf(kubeconfig)
    const operation = { type: 'scale', target: target('deploy', 'seen'), replicas: 2 } as const
    const [planned] = await planOperations([operation], { clusters })
    expect(planned?.impact).toContain('How many pods it has is not known')
    expect(planned?.impact.join()).toMatch(
      /Not seen, not readable with this identity: horizontalpodautoscalers/,
    )
    await clusters.close()
  })
})

describe('a secret', () => {
  const PASSWORD = 'Tr0ub4dor-and-3-horses'
  const holder = (name: string): KubeJson => {
    const object = deployment(name, b.namespace, 1)
    object.spec.template.spec.containers[0].env.push({ name: 'DB_PASSWORD', value: PASSWORD })
    return object
  }
  const shown = (planned: object) => JSON.stringify({ ...planned, request: undefined })

  it('in a patch is neither shown nor compared, and its undo is refused', async () => {
    await given(b, holder('holder'))
    const setTo = (value: string): Operation => ({
      type: 'patch',
      target: target('deploy', 'holder'),
      patchType: 'strategic',
      patch: {
        spec: {
          template: { spec: { containers: [{ name: 'main', env: [{ name: 'DB_PASSWORD', value }] }] } },
        },
      },
    })
    const path = 'spec.template.spec.containers[main].env[DB_PASSWORD].value'
    const [right, wrong] = [await b.plan(setTo(PASSWORD)), await b.plan(setTo('a-wrong-guess-7'))]
    expect(right.changes[0]).toEqual({ path, hidden: true })
    expect(right.changes.map(({ path }) => path)).toEqual(wrong.changes.map(({ path }) => path))
    const told = ({ title, command, impact, expectation, warnings }: typeof right) => [
      title,
      command,
      impact,
      expectation,
      warnings,
    ]
    expect(told(right)).toEqual(told(wrong))
    for (const planned of [right, wrong]) {
      expect(shown(planned)).not.toContain(PASSWORD)
      expect(shown(planned)).not.toContain('a-wrong-guess-7')
    }
    const outcome = await b.execute(wrong)
    expect(outcome.state).toBe('succeeded')
    expect(JSON.stringify(outcome)).not.toContain('a-wrong-guess-7')
    expect(() => undoOf(wrong, outcome)).toThrow(/secret values/)
  })

  it('beside a change does not keep that change from being taken back', async () => {
    await given(b, holder('beside'))
    const planned = await b.plan({
      type: 'patch',
      target: target('deploy', 'beside'),
      patchType: 'merge',
      patch: { spec: { replicas: 2, minReadySeconds: 1 } },
    })
    expect(shown(planned)).not.toContain(PASSWORD)
    expect(planned.undo).toMatchObject({ operations: [{ patch: { spec: { replicas: 1 } } }] })
  })

  it('of a Secret cannot be written from here, whatever way', async () => {
    await b.handle.kubectl([
      'create',
      'secret',
      'generic',
      's',
      '-n',
      b.namespace,
      `--from-literal=p=${PASSWORD}`,
    ])
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { p: PASSWORD } }
    const operations: Operation[] = [
      { type: 'create', target: target('Secret', 'new'), object: { ...secret, metadata: { name: 'new' } } },
      { type: 'apply', target: target('secrets', 's'), object: secret },
      {
        type: 'patch',
        target: target('Secret', 's'),
        patchType: 'merge',
        patch: { stringData: { p: PASSWORD } },
      },
      {
        type: 'patch',
        target: target('Secret', 's'),
        patchType: 'json',
        patch: [{ op: 'remove', path: '/data/p' }],
      },
    ]
    for (const operation of operations) {
      await expect(b.plan(operation)).rejects.toMatchObject({ code: 'BLOCKED_BY_POLICY' })
    }
    const labelled = await b.plan({
      type: 'patch',
      target: target('Secret', 's'),
      patchType: 'merge',
      patch: { metadata: { labels: { team: 'a' } } },
    })
    expect(shown(labelled)).not.toContain(PASSWORD)
    // A plan that was tampered with meets the guard under the client.
    const tampered = structuredClone(labelled)
    tampered.request.body = { ...Object(tampered.request.body), stringData: { p: 'mine' } }
    const outcome = await b.execute({ ...tampered, postImageDigest: undefined } as unknown as typeof labelled)
    expect(outcome).toMatchObject({ state: 'failed', reason: expect.stringContaining('Content of Secrets') })
  })

  it('that another manager owns is refused alike, whether the value is right or wrong', async () => {
    await given(b, holder('owned'))
    const apply = (value: string) =>
      b.plan({
        type: 'apply',
        target: target('deploy', 'owned'),
        object: {
          spec: {
            template: { spec: { containers: [{ name: 'main', env: [{ name: 'DB_PASSWORD', value }] }] } },
          },
        },
      })
    const refusals = await Promise.all(
      [PASSWORD, 'a-wrong-guess-7'].map((value) =>
        apply(value).catch(({ code, message, hint, data }) => ({ code, message, hint, data })),
      ),
    )
    expect(refusals[0]).toMatchObject({ code: 'CONFLICT' })
    expect(refusals[0]).toEqual(refusals[1])
  })

  it('in a field that cannot be changed is refused alike too', async () => {
    const job = holder('job')
    const { template } = job.spec
    await given(b, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: job.metadata,
      spec: { suspend: true, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
    })
    const patch = (value: string) =>
      b.plan({
        type: 'patch',
        target: target('job', 'job'),
        patchType: 'json',
        patch: [{ op: 'replace', path: '/spec/template/spec/containers/0/env/1/value', value }],
      })
    const refusals = await Promise.all(
      [PASSWORD, 'a-wrong-guess-7'].map((value) =>
        patch(value).catch(({ code, message, data }) => ({ code, message, data })),
      ),
    )
    expect(refusals[0]).toMatchObject({ code: 'CLUSTER_REFUSED' })
    expect(refusals[0]).toEqual(refusals[1])
  })
})

const requester: RequesterFacts = { subject: 'agent-1', kind: 'agent', changesLastHour: 0 }
const policy = await loadPolicy(undefined)
const judged = (planned: Parameters<typeof factsOf>[0]) => decide(factsOf(planned, requester, 1), policy)

describe('facts', () => {
  it('of every type of operation are such that the gate can judge them', async () => {
    await given(b, deployment('judged', b.namespace, 1))
    await b.handle.kubectl(['set', 'image', 'deploy/judged', 'main=nginx:1.28', '-n', b.namespace])
    await b.handle.kubectl(['rollout', 'status', 'deploy/judged', '-n', b.namespace])
    const text = await b.handle.kubectl(['get', 'pods', '-l', 'app=judged', '-n', b.namespace, '-o', 'json'])
    const pod = JSON.parse(text).items.find((one: KubeJson) => !one.metadata.deletionTimestamp).metadata.name
    const deploy = target('deploy', 'judged')
    const operations: Operation[] = [
      { type: 'scale', target: deploy, replicas: 3 },
      { type: 'restart', target: deploy },
      { type: 'rollback', target: deploy },
      { type: 'patch', target: deploy, patchType: 'merge', patch: { spec: { minReadySeconds: 1 } } },
      { type: 'apply', target: target('cm', 'new'), object: { data: { a: 'b' } } },
      { type: 'create', target: target('cm', 'new'), object: { data: { a: 'b' } } },
      { type: 'delete', target: deploy },
      { type: 'evict', target: target('pod', pod) },
      { type: 'exec', target: target('pod', pod), command: ['true'] },
    ]
    for (const operation of operations) {
      const decision = judged(await b.plan(operation))
      expect(decision, operation.type).toHaveProperty('level')
    }
  })

  it('name what a patch smuggles in', async () => {
    const patch = {
      metadata: { finalizers: ['example.com/hold'] },
      spec: {
        template: {
          metadata: { labels: { team: 'other' } },
          spec: {
            serviceAccountName: 'admin',
            containers: [
              {
                name: 'main',
                securityContext: { privileged: true },
                envFrom: [{ secretRef: { name: 'keys' } }],
              },
            ],
            volumes: [{ name: 'host', hostPath: { path: '/' } }],
          },
        },
      },
    }
    const planned = await b.plan({
      type: 'patch',
      target: target('deploy', 'judged'),
      patchType: 'strategic',
      patch,
    })
    expect(planned.facts).toMatchObject({
      type: 'patch',
      finalizersChanged: true,
      changedLabels: ['team'],
      existing: { secrets: [], serviceAccounts: [] },
      pods: { newSecretRefs: ['keys'] },
    })
    const { denied } = judged(planned) as { denied: string[] }
    expect(denied.join('; ')).toMatch(/privileged/)
    expect(denied.join('; ')).toMatch(/hostPath/)
  })

  it('name the Services that would lose their pods', async () => {
    await given(b, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: b.namespace },
      spec: { selector: { tier: 'front' }, ports: [{ port: 80 }] },
    })
    const patch = { spec: { template: { metadata: { labels: { tier: 'front' } } } } }
    const planned = await b.plan({
      type: 'patch',
      target: target('deploy', 'judged'),
      patchType: 'merge',
      patch,
    })
    expect(planned.facts).toMatchObject({ changedLabels: ['tier'], selectedBy: ['Service front'] })
  })

  it('of two changes of one object do not exist: only one can be planned', async () => {
    const scale = (replicas: number): Operation => ({
      type: 'scale',
      target: target('deploy', 'judged'),
      replicas,
    })
    const { clusters } = b
    await expect(planOperations([scale(3), scale(4)], { clusters })).rejects.toThrow(/two of them change/)
    await expect(planOperations([], { clusters })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(planOperations(Array(101).fill(scale(3)), { clusters })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
  })

  it('asked for twice, has the same intent, and nothing else that could be guessed', async () => {
    const scale: Operation = { type: 'scale', target: target('Deployment', 'judged'), replicas: 5 }
    const [a, c] = [
      await b.plan(scale),
      await b.plan({ ...scale, target: target('deployments.apps', 'judged') }),
    ]
    expect(a.intent).toBe(c.intent)
    expect(a.marker).not.toBe(c.marker)
    expect(a.baseDigest).not.toBe(c.baseDigest)
    expect(a.postImageDigest).not.toBe(c.postImageDigest)
  })
})
