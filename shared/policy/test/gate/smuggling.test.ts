import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ChangeFacts, decide, loadPolicy, objectFacts } from '../../src/gate/index.ts'
import { change } from './change.ts'

// Objects as the API server has them, before and in its dry run: what a patch hides is in the result.
const policy = await loadPolicy(undefined)
let cluster: ClusterHandle
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('smuggle')
  await cluster.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace}, labels: { app: web } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "nginx:1.26", env: [{ name: A, valueFrom: { secretKeyRef: { name: known, key: a } } }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      hostNetwork: true
      volumes: [{ name: root, hostPath: { path: / } }]
      containers: [{ name: a, image: "agent:1", securityContext: { privileged: true }, volumeMounts: [{ name: root, mountPath: /host }] }, { name: b, image: "b:1" }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: ${namespace} }
spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: job, image: "busybox:1" }] } } } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: ${namespace} }
spec: { serviceName: db, selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: pg, image: "pg:1" }] } } }
---
apiVersion: v1
kind: Secret
metadata: { name: known, namespace: ${namespace} }
stringData: { a: b }
`)
})

const GROUPS: Record<string, [string, string, string]> = {
  deployment: ['apps', 'Deployment', 'deployments'],
  daemonset: ['apps', 'DaemonSet', 'daemonsets'],
  statefulset: ['apps', 'StatefulSet', 'statefulsets'],
  cronjob: ['batch', 'CronJob', 'cronjobs'],
  secret: ['', 'Secret', 'secrets'],
}

async function factsOfPatch(
  kind: string,
  name: string,
  patch: unknown,
  type = 'strategic',
): Promise<ChangeFacts> {
  const [group, typeName, resource] = GROUPS[kind] ?? ['', '', '']
  const before = JSON.parse(await cluster.kubectl(['get', kind, name, '-n', namespace, '-o', 'json']))
  const words = ['patch', kind, name, '-n', namespace, `--type=${type}`, '-p', JSON.stringify(patch)]
  const after = JSON.parse(await cluster.kubectl([...words, '--dry-run=server', '-o', 'json']))
  const facts = objectFacts({ type: 'patch', group, kind: typeName, before, after })
  const existing = { secrets: ['known', 'other'], serviceAccounts: ['default', 'builder'] }
  return change({ group, kind: typeName, resource, namespace, name, existing, ...facts })
}

const pod = (spec: unknown) => ({ spec: { template: { spec } } })
const container = (fields: object) => pod({ containers: [{ name: 'app', ...fields }] })

describe('privileges hidden in a patch (reference 12.D 32)', () => {
  it.each<[string, unknown, RegExp]>([
    ['privileged', container({ securityContext: { privileged: true } }), /privileged/],
    [
      'a capability',
      container({ securityContext: { capabilities: { add: ['NET_ADMIN'] } } }),
      /capability NET_ADMIN/,
    ],
    ['hostPath', pod({ volumes: [{ name: 'x', hostPath: { path: '/etc' } }] }), /hostPath \/etc/],
    ['hostNetwork', pod({ hostNetwork: true }), /hostNetwork/],
    ['hostPID', pod({ hostPID: true }), /hostPID/],
    ['hostIPC', pod({ hostIPC: true }), /hostIPC/],
    [
      'a privileged init container',
      pod({ initContainers: [{ name: 'i', image: 'x', securityContext: { privileged: true } }] }),
      /initContainers\[i\] privileged/,
    ],
    [
      'a Secret that is not there',
      container({ env: [{ name: 'B', valueFrom: { secretKeyRef: { name: 'cloud', key: 'x' } } }] }),
      /Secret cloud/,
    ],
    ['the same by envFrom', container({ envFrom: [{ secretRef: { name: 'cloud' } }] }), /Secret cloud/],
    ['by a volume', pod({ volumes: [{ name: 's', secret: { secretName: 'cloud' } }] }), /Secret cloud/],
    [
      'by a projected volume',
      pod({ volumes: [{ name: 's', projected: { sources: [{ secret: { name: 'cloud' } }] } }] }),
      /Secret cloud/,
    ],
    ['by a pull secret', pod({ imagePullSecrets: [{ name: 'cloud' }] }), /Secret cloud/],
    [
      'by a storage driver',
      pod({ volumes: [{ name: 's', csi: { driver: 'd', nodePublishSecretRef: { name: 'cloud' } } }] }),
      /Secret cloud/,
    ],
    ['another identity', pod({ serviceAccountName: 'admin' }), /ServiceAccount admin/],
    [
      'its old spelling',
      pod({ serviceAccount: 'admin', serviceAccountName: 'admin' }),
      /ServiceAccount admin/,
    ],
    ['finalizers', { metadata: { finalizers: ['example.com/hold'] } }, /Finalizers/],
  ])('%s is denied', async (_what, patch, reason) => {
    const decision = decide(await factsOfPatch('deployment', 'web', patch), policy)
    expect('denied' in decision && decision.denied.join('\n')).toMatch(reason)
  })

  it.each<[string, unknown, number, RegExp]>([
    ['another tag', container({ image: 'nginx:1.27' }), 1, /^$/],
    ['another repository', container({ image: 'evil.example.com/nginx:1.26' }), 2, /another repository/],
    ['a Secret that exists', container({ envFrom: [{ secretRef: { name: 'other' } }] }), 2, /Secret other/],
    ['an identity that exists', pod({ serviceAccountName: 'builder' }), 2, /ServiceAccount builder/],
    ['a sidecar', pod({ containers: [{ name: 'spy', image: 'x' }] }), 2, /container is added/],
    ['another command', container({ command: ['sh'] }), 2, /another command/],
    [
      'a command in a probe',
      container({ readinessProbe: { exec: { command: ['sh'] } } }),
      2,
      /another command/,
    ],
    [
      'a port of the node',
      container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
      2,
      /port 80 of its node/,
    ],
    ['root', container({ securityContext: { runAsUser: 0 } }), 2, /root/],
    [
      'the data of a claim',
      pod({ volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'theirs' } }] }),
      2,
      /claim theirs/,
    ],
    ['a network disk', pod({ volumes: [{ name: 'd', nfs: { server: 'x', path: '/' } }] }), 2, /is nfs/],
    ['a driver', pod({ volumes: [{ name: 'd', csi: { driver: 'x.example.com' } }] }), 2, /is csi/],
    [
      'a token for somebody else',
      pod({
        volumes: [
          {
            name: 'kube-api-access-abcde',
            projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] },
          },
        ],
      }),
      2,
      /token/,
    ],
    [
      'an owner',
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'no-such' }] } },
      3,
      /owners/,
    ],
    ['a label of its pods', { spec: { template: { metadata: { labels: { role: 'db' } } } } }, 1, /^$/],
    ['an annotation', { metadata: { annotations: { a: 'b' } } }, 1, /^$/],
  ])('%s: level %3$s', async (_what, patch, level, rules) => {
    const decision = decide(await factsOfPatch('deployment', 'web', patch), policy)
    expect(decision).toMatchObject({ level })
    expect('rules' in decision && decision.rules.join('\n')).toMatch(rules)
  })

  it('labels that something selects by', async () => {
    const facts = await factsOfPatch('deployment', 'web', {
      spec: { template: { metadata: { labels: { role: 'db' } } } },
    })
    expect(facts.changedLabels).toEqual(['role'])
    expect(decide({ ...facts, selectedBy: ['NetworkPolicy db'] }, policy)).toMatchObject({
      level: 2,
      rules: [expect.stringContaining('NetworkPolicy db')],
    })
    expect(decide({ ...facts, selectedBy: null }, policy)).toMatchObject({ level: 2 })
  })

  it('what already reaches the node may stay; a new program in it needs the highest level', async () => {
    const note = await factsOfPatch('daemonset', 'agent', { metadata: { annotations: { a: 'b' } } })
    expect(decide(note, policy)).toMatchObject({ level: 2 })
    const image = await factsOfPatch(
      'daemonset',
      'agent',
      pod({ containers: [{ name: 'a', image: 'evil:1' }] }),
    )
    expect(decide(image, policy)).toMatchObject({ level: 3 })
    const mount = await factsOfPatch(
      'daemonset',
      'agent',
      pod({ containers: [{ name: 'b', volumeMounts: [{ name: 'root', mountPath: '/h' }] }] }),
    )
    expect(decide(mount, policy)).toMatchObject({
      denied: [expect.stringMatching(/\[b\] mounts hostPath \//)],
    })
    const second = await factsOfPatch(
      'daemonset',
      'agent',
      pod({ containers: [{ name: 'b', securityContext: { privileged: true } }] }),
    )
    expect(decide(second, policy)).toMatchObject({ denied: [expect.stringMatching(/\[b\] privileged/)] })
  })

  it('deep inside a CronJob', async () => {
    const patch = { spec: { jobTemplate: { spec: { template: { spec: { hostPID: true } } } } } }
    expect(decide(await factsOfPatch('cronjob', 'nightly', patch), policy)).toMatchObject({
      denied: [expect.stringMatching(/hostPID/)],
    })
  })

  it('claims that would go along', async () => {
    const patch = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } }
    expect(decide(await factsOfPatch('statefulset', 'db', patch), policy)).toMatchObject({
      denied: [expect.stringMatching(/PersistentVolumeClaims/)],
    })
  })

  it('a Secret: its labels may change, its content not, by whatever field', async () => {
    expect(
      decide(await factsOfPatch('secret', 'known', { metadata: { labels: { a: 'b' } } }, 'merge'), policy),
    ).toMatchObject({ level: 2 })
    for (const patch of [
      { data: { a: 'eA==' } },
      { stringData: { a: 'x' } },
      { data: null },
      { immutable: true },
    ]) {
      expect(decide(await factsOfPatch('secret', 'known', patch, 'merge'), policy)).toMatchObject({
        denied: [expect.stringMatching(/Content of Secrets/)],
      })
    }
  })

  it('a new pod as the server completes it is not suspected of what admission put in', async () => {
    const text = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"${namespace}"},"spec":{"containers":[{"name":"c","image":"busybox"}]}}`
    const after = JSON.parse(
      await cluster.kubectl(['create', '-f', '-', '--dry-run=server', '-o', 'json'], text),
    )
    const facts = objectFacts({ type: 'create', group: '', kind: 'Pod', before: undefined, after })
    expect(JSON.stringify(after)).toContain('kube-api-access-')
    expect(facts.pods).toMatchObject({
      newPrivileges: [],
      newSecretRefs: [],
      serviceAccounts: [],
      concerns: [],
    })
    expect(
      decide(
        change({ type: 'create', group: '', kind: 'Pod', resource: 'pods', namespace, ...facts }),
        policy,
      ),
    ).toMatchObject({ level: 1 })
  })

  it.each([
    ['ClusterIP', 1],
    ['NodePort', 2],
    ['LoadBalancer', 2],
  ])('a new Service of type %s', async (type, level) => {
    const metadata = { name: 's', namespace }
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type, ports: [{ port: 80 }] },
    })
    const after = JSON.parse(
      await cluster.kubectl(['create', '-f', '-', '--dry-run=server', '-o', 'json'], text),
    )
    const facts = objectFacts({ type: 'create', group: '', kind: 'Service', before: undefined, after })
    const one = change({
      type: 'create',
      group: '',
      kind: 'Service',
      resource: 'services',
      namespace,
      ...facts,
    })
    expect(decide(one, policy)).toMatchObject({ level })
  })
})
