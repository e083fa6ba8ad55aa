import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, eventually, startCluster } from '../src/index.ts'

let cluster: Cluster
let namespace: string

beforeAll(async () => {
  cluster = await startCluster()
  namespace = await cluster.freshNamespace()
}, 1_800_000)

afterAll(() => cluster?.stop())

const pod = (name: string, container: string): string => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec: { containers: [{ name: app, ${container} }] }
`
const phase = async (name: string): Promise<string> =>
  (await cluster.kubectl(['get', 'pod', name, '-n', namespace, '--no-headers'])).split(/\s+/)[2] ?? ''
const events = (name: string): Promise<string> =>
  cluster.kubectl(['events', '--for', `pod/${name}`, '-n', namespace])

describe('faults in a pod spec', () => {
  const FAULTS: [name: string, status: string, container: string, event: RegExp][] = [
    [
      'image',
      'ImagePullBackOff',
      'image: "registry.invalid/app:does-not-exist"',
      /Failed to pull image.*not found/,
    ],
    [
      'crash',
      'CrashLoopBackOff',
      'image: "app:1", command: [sh, -c, "echo no; exit 3"]',
      /Back-off restarting/,
    ],
    [
      'setting',
      'CrashLoopBackOff',
      'image: "app:1", env: [{ name: REQUIRED_ENV, value: URL }]',
      /Back-off restarting/,
    ],
    [
      'memory',
      'CrashLoopBackOff',
      'image: "app:1", env: [{ name: WORKING_SET, value: 300Mi }], resources: { limits: { memory: 256Mi } }',
      /Back-off restarting/,
    ],
    [
      'liveness',
      'CrashLoopBackOff',
      'image: "app:1", ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 81 } }',
      /Liveness probe failed[\s\S]*Killing|Killing[\s\S]*Liveness probe failed/,
    ],
    [
      'readiness',
      'Running',
      'image: "app:1", ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 81 } }',
      /Readiness probe failed: dial tcp .*:81/,
    ],
  ]

  beforeAll(() => cluster.apply(FAULTS.map(([name, , container]) => pod(name, container)).join('')))

  test.each(FAULTS)('%s shows as %s', async (name, status, _, event) => {
    await eventually(`${name} is ${status}`, async () => (await phase(name)) === status)
    await eventually(`${name} has its event`, async () => event.test(await events(name)))
    const ready = '{.status.conditions[?(@.type=="Ready")].status}'
    expect(await cluster.kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${ready}`])).toBe(
      'False',
    )
  })

  test('say how the container ended, and how often', async () => {
    const ended = (name: string): Promise<string> => {
      const path = '{.status.containerStatuses[0].lastState.terminated}'
      return cluster.kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${path}`])
    }
    expect(JSON.parse(await ended('memory'))).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
    expect(JSON.parse(await ended('crash'))).toMatchObject({ exitCode: 3, reason: 'Error' })
    expect(JSON.parse(await ended('setting'))).toMatchObject({
      exitCode: 1,
      message: 'required setting URL is not set',
    })
    const count = '{.status.containerStatuses[0].restartCount}'
    await eventually('restarts rise', async () => {
      return (
        Number(await cluster.kubectl(['get', 'pod', 'crash', '-n', namespace, '-o', `jsonpath=${count}`])) >=
        2
      )
    })
  })

  test('pending: the scheduler says why', async () => {
    await cluster.apply(
      pod('nowhere', 'image: "app:1" }], nodeSelector: { disktype: nvme }, volumes: [{ name: data'),
    )
    await eventually('event', async () =>
      /didn't match Pod's node affinity\/selector/.test(await events('nowhere')),
    )
    expect(await phase('nowhere')).toBe('Pending')
  })

  test('only a change of the spec heals', async () => {
    await cluster.kubectl(['set', 'image', 'pod/image', 'app=registry.invalid/app:2', '-n', namespace])
    await eventually('healed', async () => (await phase('image')) === 'Running')
  })
})

describe('logs and exec', () => {
  beforeAll(async () => {
    await cluster.apply(pod('talker', 'image: "app:1"'))
    await eventually('talker runs', async () => (await phase('talker')) === 'Running')
  })
  const logs = (...more: string[]): Promise<string> =>
    cluster.kubectl(['logs', 'talker', '-n', namespace, ...more])

  test('every pod has a default log', async () => {
    expect(await logs()).toContain('listening on :8080')
    expect(await logs('--previous')).toContain('fatal: exiting')
  })

  test('a test sets the log: many lines, tail, timestamps, previous', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n')
    await cluster.writeLog(namespace, 'talker', 'app', `${lines}\n`)
    expect((await logs()).split('\n')).toHaveLength(10_001)
    expect(await logs('--tail=2')).toBe('line 9998\nline 9999\n')
    expect(await logs('--tail=1', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z line 9999\n$/)
    await cluster.writeLog(namespace, 'talker', 'app', 'the last words\n', { previous: true })
    expect(await logs('--previous')).toBe('the last words\n')
  })

  test('a line of one megabyte and bytes that are not text', async () => {
    await cluster.writeLog(namespace, 'talker', 'app', `${'x'.repeat(1_000_000)}\nend\n`)
    expect((await logs()).length).toBe(1_000_005)
    await cluster.writeLog(
      namespace,
      'talker',
      'app',
      Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0a]),
    )
    expect(await logs()).toBe('\u0000\ufffd\u001b[31m\n')
  })

  // kwok passes on neither the end of the input (so `cat` would not end) nor the exit code as a code.
  test('exec runs the command, with input', async () => {
    expect(await cluster.kubectl(['exec', 'talker', '-n', namespace, '--', 'echo', 'hello'])).toBe('hello\n')
    const head = ['exec', '-i', 'talker', '-n', namespace, '--', 'head', '-c', '5']
    expect(await cluster.kubectl(head, 'typed')).toBe('typed')
    await expect(
      cluster.kubectl(['exec', 'talker', '-n', namespace, '--', 'sh', '-c', 'exit 7']),
    ).rejects.toThrow('exit status 7')
  })
})
