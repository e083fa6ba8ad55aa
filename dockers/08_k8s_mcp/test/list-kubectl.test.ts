import { applyDemo, type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

// What kubectl prints is what the tools give, cell by cell; only ages move on between two calls.
const LIST = 'infra.k8s.resources.listResources'
let cluster: ClusterHandle
let server: Running
let own: string

beforeAll(async () => {
  cluster = await sharedCluster()
  await applyDemo(cluster)
  own = await cluster.freshNamespace('kubectl')
  await cluster.apply(more(own))
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

/** The column keys of a kind by the header kubectl prints; the error for an unknown column names them all. */
async function keysOf(kind: string): Promise<Map<string, string>> {
  const { hint } = (await server.call(LIST, { kind, columns: ['nope'] })).body
  const keys = String(hint)
    .replace(/^Columns: (.*?);.*/, '$1')
    .split(', ')
  return new Map(keys.map((key) => [key.toLowerCase(), key]))
}

// Restarts print `5 (3m ago)` and are the number here; `<none>` is nothing.
const plain = (cell: unknown) =>
  (Array.isArray(cell) ? cell.join(',') : String(cell ?? ''))
    .replace(/^(\d+) \(.* ago\)$/, '$1')
    .replace(/^<(none|unset)>$/, '')

const KINDS =
  'pods deployments replicasets statefulsets daemonsets jobs cronjobs pvc services hpa ingresses nodes backups crd'

describe('printed columns are those of kubectl', () => {
  for (const kind of KINDS.split(' ')) {
    it(kind, async () => {
      const keys = await keysOf(kind)
      // Restarts and readiness may move between the two calls; what is the same once was the same.
      await eventually(`${kind} as kubectl prints them`, async () => {
        for (const namespace of ['shop', 'billing', own]) {
          const text = await cluster.kubectl(['get', kind, '-n', namespace, '-o', 'wide'])
          const rows = printed(text).map((row) =>
            Object.fromEntries(
              Object.entries(row)
                .map(([header, cell]) => [keys.get(header.toLowerCase().replace(/[^a-z]/g, '')), plain(cell)])
                .filter(([key]) => !MOVES.has(String(key))),
            ),
          )
          const columns = Object.keys(rows[0] ?? { name: '' })
          expect(columns).not.toContain('undefined')
          const { body } = await server.call(LIST, {
            kind,
            namespace,
            columns,
            sort: 'name',
            maxTokens: 20_000,
          })
          const items = body.items.map((item: Row) =>
            Object.fromEntries(Object.entries(item).map(([name, cell]) => [name, plain(cell)])),
          )
          const byName = (a: Row, b: Row) => (String(a.name) < String(b.name) ? -1 : 1)
          expect(items.toSorted(byName)).toEqual(rows.toSorted(byName))
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

const more = (ns: string) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ledger, namespace: ${ns} }
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
metadata: { name: agent, namespace: ${ns} }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: "registry.example.com/billing/agent:1" }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: failing, namespace: ${ns} }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example.com/billing/job:1", command: [sh, -c, exit 3] }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: ${ns} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`
