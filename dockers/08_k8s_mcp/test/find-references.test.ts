import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

const FIND = 'infra.k8s.resources.findReferences'

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('refs')
  await cluster.apply(manifests(namespace))
  server = await start({ KUBECONFIG: cluster.kubeconfig })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const find = async (kind: string, name: string, more = {}) =>
  (await server.call(FIND, { kind, name, namespace, ...more })).body

describe('findReferences', () => {
  it('says in one call who uses a ConfigMap, how, and which containers really mount it', async () => {
    const { total, shown, items } = await find('configmap', 'conf')
    expect({ total, shown }).toEqual({ total: 6, shown: 6 })
    expect(items).toEqual([
      { kind: 'Deployment', name: 'web', how: 'env', containers: ['app'], detail: 'LEVEL from key level' },
      { kind: 'Deployment', name: 'web', how: 'envFrom', containers: ['init'], detail: 'all keys' },
      {
        kind: 'Deployment',
        name: 'web',
        how: 'projected volume "mixed"',
        containers: ['side'],
        detail: 'at /mixed',
      },
      { kind: 'Deployment', name: 'web', how: 'volume "conf"', containers: ['app'], detail: 'at /etc/app' },
      {
        kind: 'Deployment',
        name: 'web',
        how: 'volume "idle"',
        containers: [],
        detail: 'no container mounts it: unused',
      },
      { kind: 'Pod', name: 'lone', how: 'envFrom', containers: ['c'], detail: 'all keys' },
    ])
  })

  it('finds a Secret in CronJobs, pull secrets, service accounts and Ingress TLS', async () => {
    const how = (rows: { kind: string; name: string; how: string }[]) =>
      rows.map((row) => `${row.kind}/${row.name} ${row.how}`)
    expect(how((await find('secret', 'one')).items)).toEqual([
      'CronJob/nightly envFrom',
      'Deployment/web imagePullSecrets',
      'Deployment/web projected volume "mixed"',
    ])
    expect(how((await find('secret', 'two')).items)).toEqual([
      'Ingress/web tls',
      'ServiceAccount/runner imagePullSecrets',
    ])
  })

  it('finds what scales, selects, protects and exposes a Deployment', async () => {
    const { items } = await find('deploy', 'web')
    expect(items).toEqual([
      { kind: 'HorizontalPodAutoscaler', name: 'web', how: 'scales it', detail: '2 to 5 replicas' },
      { kind: 'NetworkPolicy', name: 'all', how: 'selector' },
      { kind: 'PodDisruptionBudget', name: 'web', how: 'selector' },
      { kind: 'Service', name: 'web', how: 'selector' },
    ])
  })

  it('finds the pods of a Service folded into their workload, and the Ingress before it', async () => {
    await expect
      .poll(async () => (await find('svc', 'web')).items[0]?.detail, { timeout: 20_000 })
      .toMatch(/^2 pods: web-/)
    const { items } = await find('svc', 'web')
    expect(items[1]).toEqual({
      kind: 'Ingress',
      name: 'web',
      how: 'backend',
      detail: 'a.example.com/ → port 80',
    })
    expect(items[2]).toMatchObject({ kind: 'Pod', name: 'lone', how: 'selected' })
  })

  it('finds the users of a claim and of a service account', async () => {
    const claim = (await find('pvc', 'data-db-0')).items
    expect(claim.map(({ kind, name }: { kind: string; name: string }) => `${kind}/${name}`)).toContain(
      'StatefulSet/db',
    )
    expect((await find('sa', 'runner')).items).toEqual([
      { kind: 'Deployment', name: 'web', how: 'serviceAccountName' },
      { kind: 'RoleBinding', name: 'runner', how: 'subject', detail: 'gives it ClusterRole view' },
    ])
  })

  it('finds what runs on a node, in every namespace', async () => {
    const pod = JSON.parse(await cluster.kubectl(['get', 'pod', 'lone', '-n', namespace, '-o', 'json']))
    const { items, target } = await find('node', pod.spec.nodeName, { maxTokens: 20_000 })
    expect(target.namespace).toBe('')
    expect(items).toContainEqual({ kind: 'Pod', name: 'lone', namespace, how: 'runs on it' })
  })

  it('follows references to an object that does not exist, and refuses what nobody names', async () => {
    const { items, note } = await find('secret', 'gone')
    expect(items).toEqual([
      { kind: 'Pod', name: 'lone', how: 'envFrom', containers: ['c'], detail: 'all keys' },
    ])
    expect(note).toBe('there is no Secret "gone": these references lead nowhere')
    expect(await find('secret', 'onne')).toMatchObject({ code: 'NOT_FOUND', nearest: ['one'] })
  })

  it('says "none found" for an object nobody uses', async () => {
    const reply = await server.tool(FIND, { kind: 'cm', name: 'unused', namespace })
    expect(reply.content[0].text).toContain('none found: nothing refers to it')
    expect(reply.structuredContent).toMatchObject({ total: 0, shown: 0, items: [] })
  })

  it('counts the token volume of every pod once per workload', async () => {
    const { items } = await find('cm', 'kube-root-ca.crt')
    expect(items[0]).toMatchObject({ kind: 'Deployment', name: 'web', how: 'injected token volume' })
    expect(items[0].detail).toMatch(/^2 pods: web-/)
  })

  it('shows as many rows as the budget holds and says how many there are', async () => {
    const { total, shown, items, note } = await find('cm', 'conf', { maxTokens: 200 })
    expect(total).toBe(6)
    expect(shown).toBeLessThan(6)
    expect(items).toHaveLength(shown)
    expect(note).toContain('raise maxTokens')
  })

  it('names the kinds this identity may not list instead of failing', async () => {
    const user = await cluster.certificate(`limited-${namespace}`)
    const kubeconfig = await cluster.writeKubeconfig(`limited-${namespace}`, [
      { name: 'limited', user: { certificate: user } },
    ])
    const rule = (verb: string, kind: string) => [
      'create',
      'role',
      kind,
      `--verb=${verb}`,
      `--resource=${kind}`,
      '-n',
      namespace,
    ]
    await cluster.kubectl(rule('get', 'configmaps'))
    await cluster.kubectl(rule('list', 'deployments.apps'))
    for (const role of ['configmaps', 'deployments.apps']) {
      await cluster.kubectl([
        'create',
        'rolebinding',
        role,
        `--role=${role}`,
        `--user=limited-${namespace}`,
        '-n',
        namespace,
      ])
    }
    await using limited = await start({ KUBECONFIG: kubeconfig })
    const { body } = await limited.call(FIND, { kind: 'ConfigMap', name: 'conf', namespace })
    expect(body.items).toHaveLength(5)
    expect(body.items.every(({ kind }: { kind: string }) => kind === 'Deployment')).toBe(true)
    for (const kind of ['pods', 'statefulsets', 'cronjobs']) {
      expect(body.note).toContain(`not readable with this identity: ${kind}`)
    }
  })
})

function manifests(ns: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: conf, namespace: ${ns} }
data: { level: info }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: unused, namespace: ${ns} }
data: { level: info }
---
apiVersion: v1
kind: Secret
metadata: { name: one, namespace: ${ns} }
stringData: { key: value }
---
apiVersion: v1
kind: Secret
metadata: { name: two, namespace: ${ns} }
stringData: { key: value }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: runner, namespace: ${ns} }
imagePullSecrets: [{ name: two }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: runner, namespace: ${ns} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: runner, namespace: ${ns} }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${ns} }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: runner
      imagePullSecrets: [{ name: one }]
      initContainers: [{ name: init, image: i, envFrom: [{ configMapRef: { name: conf } }] }]
      containers:
        - name: app
          image: i
          env: [{ name: LEVEL, valueFrom: { configMapKeyRef: { name: conf, key: level } } }]
          volumeMounts: [{ name: conf, mountPath: /etc/app }]
        - { name: side, image: i, volumeMounts: [{ name: mixed, mountPath: /mixed }] }
      volumes:
        - { name: conf, configMap: { name: conf } }
        - { name: idle, configMap: { name: conf } }
        - { name: mixed, projected: { sources: [{ secret: { name: one } }, { configMap: { name: conf } }] } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: ${ns} }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: i, volumeMounts: [{ name: data, mountPath: /data }] }] }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data-db-0, namespace: ${ns} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: ${ns} }
spec:
  schedule: "0 3 * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: i, envFrom: [{ secretRef: { name: one } }] }] } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: lone, namespace: ${ns}, labels: { app: web } }
spec: { containers: [{ name: c, image: i, envFrom: [{ configMapRef: { name: conf } }, { secretRef: { name: gone, optional: true } }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${ns} }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: ${ns} }
spec:
  tls: [{ secretName: two, hosts: [a.example.com] }]
  rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: all, namespace: ${ns} }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{}] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: ${ns} }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, minReplicas: 2, maxReplicas: 5 }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: ${ns} }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
`
}
