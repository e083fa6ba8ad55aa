import { applyDemo, type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

// What kubectl prints is what the tools give, cell by cell; only ages move on between two calls.
const LIST = 'infra.k8s.resources.listResources'
let cluster: ClusterHandle
let server: Running

beforeAll(async () => {
  cluster = await sharedCluster()
  await applyDemo(cluster)
  await cluster.apply(MORE)
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  await eventually('the demo has its faults', async () => {
    const text = await cluster.kubectl(['get', 'pods', '-n', 'shop'])
    return text.includes('CrashLoopBackOff') && text.includes('ImagePullBackOff') && text.includes('Pending')
  })
})

afterAll(async () => server?.[Symbol.asyncDispose]())

type Row = Record<string, string>
const MOVES = new Set(['age', 'lastSchedule', 'duration'])

/** Rows of `kubectl get -o wide`, cut where its header's columns begin. */
function printed(text: string): Row[] {
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const starts = [...header.matchAll(/\S+(?: \S+)*/g)].map((found) => found.index)
  const cut = (line: string) => starts.map((from, index) => line.slice(from, starts[index + 1]).trim())
  const names = cut(header)
  return lines.map((line) => Object.fromEntries(cut(line).map((cell, index) => [names[index] ?? '', cell])))
}

const key = (name: string) => {
  const [first = '', ...rest] = name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
  return first + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
}

describe('printed columns are those of kubectl', () => {
  for (const kind of [
    'pods',
    'deployments',
    'replicasets',
    'statefulsets',
    'daemonsets',
    'jobs',
    'cronjobs',
    'pvc',
    'services',
    'hpa',
    'ingresses',
    'nodes',
    'backups',
  ]) {
    it(kind, async () => {
      await eventually(`${kind} are the same twice`, async () => {
        for (const namespace of ['shop', 'billing']) {
          const rows = printed(await cluster.kubectl(['get', kind, '-n', namespace, '-o', 'wide']))
          const columns = Object.keys(rows[0] ?? { NAME: '' })
            .map(key)
            .filter((column) => !MOVES.has(column))
          const { items } = (
            await server.call(LIST, { kind, namespace, columns, sort: 'name', maxTokens: 20_000 })
          ).body
          const expected = rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, cell]) => [key(name), cell])),
          )
          for (const row of expected) for (const column of MOVES) delete row[column]
          const same = items.map((item: Row) =>
            Object.fromEntries(Object.entries(item).map(([name, cell]) => [name, asPrinted(cell)])),
          )
          const order = (rows: Row[]) => rows.map((row) => JSON.stringify(normal(row))).toSorted()
          if (JSON.stringify(order(same)) !== JSON.stringify(order(expected))) {
            expect.soft(0).toBe(0)
            throw new Error(`${JSON.stringify(order(same))}\n${JSON.stringify(order(expected))}`)
          }
        }
        return true
      })
    })
  }

  it('and the unhealthy ones come first', async () => {
    const { items, overview } = (await server.call(LIST, { kind: 'deployments', namespace: 'shop' })).body
    const names = items.map((item: Row) => item.name)
    expect(overview.unhealthy).toBe(4)
    expect(names.slice(0, 4)).toEqual(['cart', 'checkout', 'recommendations', 'search'])
    expect(names.slice(4)).toEqual(['catalog', 'frontend'])
  })
})

// Restarts print `5 (3m ago)` and are the number here; `<none>` is nothing.
const asPrinted = (cell: unknown) => (Array.isArray(cell) ? cell.join(',') : String(cell ?? ''))
const normal = (row: Row) =>
  Object.entries(row)
    .map(([name, cell]) => [
      name,
      name === 'restarts' ? cell.replace(/ \(.*/, '') : cell.replace(/^<(none|unset)>$/, ''),
    ])
    .toSorted()

const MORE = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ledger, namespace: billing }
spec:
  serviceName: ledger
  replicas: 2
  selector: { matchLabels: { app: ledger } }
  template:
    metadata: { labels: { app: ledger } }
    spec: { containers: [{ name: ledger, image: "registry.example.com/billing/ledger:does-not-exist" }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: billing }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: "registry.example.com/billing/agent:1" }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: failing, namespace: billing }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example.com/billing/job:1", command: [sh, -c, exit 3] }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: billing }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`
