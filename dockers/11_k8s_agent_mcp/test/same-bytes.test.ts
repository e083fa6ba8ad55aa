import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Agent, KEY, startAgent } from './harness.ts'

// Two processes with the same key, and three seconds between them: an age would have changed.
const cluster = await sharedCluster()
const GROUP = `b${randomBytes(4).toString('hex')}.example.org`
const now = () => new Date(Date.now() - 5_000).toISOString().replace(/\.\d+Z/, 'Z')
const template = `{ metadata: { labels: { a: b }, annotations: { note: "token=Zq7wSameEverywhere0123" } }, spec: { restartPolicy: Never, containers: [{ name: c, image: i, args: [--password=Zq7wSameEverywhere0123] }] } }`
let namespace: string

const manifests = () => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ${namespace}, annotations: { note: "token=Zq7wSameEverywhere0123" } }
spec: { containers: [{ name: app, image: i }] }
---
apiVersion: v1
kind: Pod
metadata: { name: waiting, namespace: ${namespace} }
spec: { nodeSelector: { no: such }, containers: [{ name: app, image: i }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec: { replicas: 0, selector: { matchLabels: { a: b } }, template: ${template.replace('restartPolicy: Never', 'restartPolicy: Always')} }
---
apiVersion: batch/v1
kind: Job
metadata: { name: job, namespace: ${namespace} }
spec: { suspend: true, template: ${template} }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: cron, namespace: ${namespace} }
spec: { suspend: true, schedule: "0 0 1 1 *", jobTemplate: { spec: { template: ${template} } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: hpa, namespace: ${namespace} }
spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: ${GROUP}/v1
kind: Dated
metadata: { name: one, namespace: ${namespace} }
status: { at: "${now()}", note: "password: Zq7wSameEverywhere0123" }
---
apiVersion: ${GROUP}/v1
kind: Dated
metadata: { name: another, namespace: ${namespace} }
status: { at: "${now()}" }
${['b', 'a', 'c']
  .map(
    (name) => `---
apiVersion: v1
kind: Event
metadata: { name: ${name}, namespace: ${namespace} }
involvedObject: { kind: Pod, apiVersion: v1, name: web-${name}, namespace: ${namespace} }
type: Warning
reason: R
message: "failed with password=Zq7wSameEverywhere0123 on ${name}"
count: 3
firstTimestamp: "${now()}"
lastTimestamp: "${now()}"
`,
  )
  .join('')}`

const status = (kind: string, name: string, value: object) =>
  cluster.kubectl([
    'patch',
    kind,
    name,
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status: value }),
  ])

beforeAll(async () => {
  namespace = await cluster.freshNamespace('same')
  await cluster.apply(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: dateds.${GROUP} }
spec:
  group: ${GROUP}
  scope: Namespaced
  names: { kind: Dated, plural: dateds, singular: dated }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns:
        - { name: Expires, type: date, jsonPath: .status.at }
        - { name: Note, type: string, jsonPath: .status.note }
        - { name: Age, type: date, jsonPath: .metadata.creationTimestamp }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }`)
  await cluster.apply(manifests())
  await cluster.kubectl(['wait', '-n', namespace, 'pod/web', '--for=condition=Ready', '--timeout=60s'])
  const terminated = { exitCode: 1, reason: 'Error', finishedAt: now(), startedAt: now() }
  await status('pod', 'web', {
    containerStatuses: [
      {
        name: 'app',
        image: 'i',
        imageID: '',
        ready: true,
        restartCount: 4,
        lastState: { terminated },
        state: { running: { startedAt: now() } },
      },
    ],
  })
  await status('cronjob', 'cron', { lastScheduleTime: now(), lastSuccessfulTime: now() })
  await status('job', 'job', { startTime: now() }).catch(() => {})
  await cluster.writeLog(namespace, 'web', 'app', 'one\nuser=u password=Zq7wSameEverywhere0123\nthree\n')
  await eventually('the cluster is at rest', async () => {
    const versions = () =>
      cluster.kubectl([
        'get',
        'pods,deploy,jobs,cronjobs,hpa,events',
        '-n',
        namespace,
        '-o',
        'jsonpath={.items[*].metadata.resourceVersion}',
      ])
    const before = await versions()
    await pause(1_000)
    return before === (await versions())
  })
})
afterAll(() => cluster.kubectl(['delete', 'crd', `dateds.${GROUP}`, '--ignore-not-found']))

const kinds = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Dated',
  'Event',
  'events.events.k8s.io',
  'ServiceAccount',
]
const calls: [string, object][] = [
  ...kinds.map((kind): [string, object] => ['k8s_list', { kind }]),
  ...[
    ['Pod', 'web'],
    ['Pod', 'waiting'],
    ['Deployment', 'web'],
    ['Job', 'job'],
    ['CronJob', 'cron'],
    ['HorizontalPodAutoscaler', 'hpa'],
    ['Dated', 'one'],
    ['Event', 'a'],
  ].map(([kind, name]): [string, object] => ['k8s_get', { kind, name }]),
  ['k8s_list', { kind: 'Dated', limit: 1 }],
  ['k8s_list_events', {}],
  ['k8s_list_events', { involvedObject: 'pods/web-a' }],
  ['k8s_pod_logs', { name: 'web' }],
  ['k8s_pod_logs', { name: 'web', previous: true }],
  // Errors of each kind.
  ['k8s_get', { kind: 'Secret', name: 'x' }],
  ['k8s_get', { kind: 'Nothing', name: 'x' }],
  ['k8s_get', { kind: 'Node', name: 'x' }],
  ['k8s_get', { kind: 'Pod', name: 'absent' }],
  ['k8s_list', { kind: 'Pod', labelSelector: 'a=b' }],
  ['k8s_pod_logs', { name: 'absent' }],
  ['k8s_delete', { kind: 'Pod', name: 'absent', approved: true }],
  ['k8s_delete', { kind: 'Pod', name: 'web' }],
]

/** All replies of one process, without the id of each call. */
async function record(env: Record<string, string> = {}): Promise<string[]> {
  await using agent: Agent = await startAgent(cluster.kubeconfig, { env })
  const said: string[] = []
  for (const [tool, input] of calls) {
    const { text, data, id } = await agent.call(tool, { namespace, ...input })
    const whole = `${tool} ${JSON.stringify(input)}\n${text}\n${JSON.stringify(data)}`
    said.push(withoutVersion(whole.replaceAll(id, '<id>')))
  }
  return said
}

// A cursor names the version of the whole cluster, in which others write meanwhile; fences are over the cursor.
function withoutVersion(text: string): string {
  const cursor = /eyJ[\w-]{20,}/.exec(text)?.[0]
  if (!cursor) return text
  const { start } = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  return text.replaceAll(cursor, `<from ${start}>`).replaceAll(/(\[\/?untrusted:)[0-9a-f]{16}/g, '$1')
}

it('same input, same output bytes: digests, fences, order of rows and fields, and no age', async () => {
  const first = await record()
  await pause(3_000)
  const second = await record()
  for (const [index, text] of first.entries()) expect(second[index]).toBe(text)
  const whole = first.join('\n')
  // One secret everywhere: as many marks as there are classes it was found as.
  const marks = [...whole.matchAll(/\[redacted:([a-z-]+):[0-9a-f]{12}\]/g)]
  expect(marks.length).toBeGreaterThan(8)
  expect(new Set(marks.map(([mark]) => mark)).size).toBe(new Set(marks.map(([, kind]) => kind)).size)
  expect(whole).not.toMatch(
    /"(age|lastSeen|lastSchedule|duration|expires)":"?(\d+[smhdy]\d*|<unknown>|<invalid>)/i,
  )
  expect(whole).not.toMatch(/\d+[smhd] ago|ago\)/)
  expect(whole).toContain('relative times left out: expires')
  expect(whole).toContain('relative times left out: lastSchedule')
  expect(whole).toMatch(/"restarts":4/)
})

it('another key, other digests and fences, and the rest the same', async () => {
  const blank = (text: string) =>
    text.replaceAll(/(\[redacted:[a-z-]+:)[0-9a-f]{12}|(\[\/?untrusted:)[0-9a-f]{16}/g, '$1$2')
  const [first, second] = [await record(), await record({ SANITIZER_KEY: `${KEY}-another` })]
  expect(second.map(blank)).toEqual(first.map(blank))
  expect(second).not.toEqual(first)
})
