import { createSanitizer } from '@gatehouse/sanitizer'
import { createMetrics } from '@gatehouse/telemetry'
import { describe, expect, it } from 'vitest'
import { Cluster } from '../src/client/cluster.ts'
import type { ApiCall, Transport } from '../src/client/transport.ts'
import { list } from '../src/reads/list.ts'
import { tableOf } from '../src/table/table.ts'

const columnDefinitions = [
  { name: 'Name', type: 'string', priority: 0 },
  { name: 'Status', type: 'string', priority: 0 },
  { name: 'Restarts', type: 'string', priority: 0 },
  { name: 'Node', type: 'string', priority: 1 },
]
const row = (index: number) => ({
  cells: [`pod-${index}`, index === 7 ? 'Error' : 'Running', '0', 'node-1'],
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${index}`, namespace: 'shop' },
    spec: { nodeName: 'node-1' },
  },
})

/** A cluster with more pods than anybody lists: it always has another page. */
function endless(sent: ApiCall[]): Cluster {
  const text = async (call: ApiCall) => {
    sent.push(call)
    const first = Number(call.query?.continue ?? 0)
    const count = Number(call.query?.limit)
    const rows = Array.from({ length: count }, (_, index) => row(first + index))
    const metadata = { resourceVersion: '9', continue: String(first + count) }
    return JSON.stringify({ kind: 'Table', metadata, columnDefinitions, rows })
  }
  return clusterOf(text)
}

function clusterOf(text: (call: ApiCall) => Promise<string>): Cluster {
  return new Cluster({
    context: 'test',
    server: 'https://127.0.0.1:1',
    identity: 'test',
    namespace: 'shop',
    transport: { text } as Partial<Transport> as Transport,
    sanitizer: createSanitizer({ key: 'k'.repeat(32) }),
    metrics: createMetrics(),
  })
}

describe('a list of more than 20,000 objects', () => {
  it('says at least how many, in the order of the API, with one request', async () => {
    const sent: ApiCall[] = []
    const { total, items } = await list(endless(sent), { kind: 'pods' })
    expect(total).toEqual({ atLeast: 20_000 })
    expect(items.slice(0, 8).map((item) => item.name)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `pod-${n}`),
    )
    expect(sent).toHaveLength(1)
  })
  it('stops reading objects there too', async () => {
    const sent: ApiCall[] = []
    const { total, items, grouped } = await list(endless(sent), { kind: 'pods', groupBy: ['spec.nodeName'] })
    expect(items).toEqual([{ 'spec.nodeName': 'node-1', count: 20_000 }])
    expect({ total, grouped }).toEqual({ total: { atLeast: 1 }, grouped: 20_000 })
    const read = sent.reduce((sum, call) => sum + Number(call.query?.limit), 0)
    expect(read).toBe(20_000)
  })
})

describe('objects of a megabyte', () => {
  it('are read a few at a time, as many as their size allows', async () => {
    const limits: string[] = []
    const text = async ({ query }: ApiCall) => {
      limits.push(query?.limit ?? '')
      const first = Number(query?.continue ?? 0)
      const rows = Array.from({ length: Math.min(Number(query?.limit), 16 - first) }, (_, index) => ({
        cells: [`map-${first + index}`],
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `map-${first + index}`, namespace: 'shop' },
          data: { big: '- '.repeat(450_000) },
        },
      }))
      const end = first + rows.length
      const metadata = { resourceVersion: '9', ...(end < 16 && { continue: String(end) }) }
      return JSON.stringify({ metadata, columnDefinitions: columnDefinitions.slice(0, 1), rows })
    }
    const { total, items } = await list(clusterOf(text), {
      kind: 'configmaps',
      columns: ['name', 'data.big'],
    })
    expect({ total, limits }).toEqual({ total: 16, limits: ['10', '2', '2', '2'] })
    expect(items.map((item) => String(item['data.big']).length)).toEqual(Array(16).fill(4097))
  })
})

describe('the pages of a snapshot', () => {
  it('name the version on the first request only; the cursor of the API server carries it', async () => {
    const sent: ApiCall[] = []
    await list(endless(sent), { kind: 'pods', columns: ['name', 'spec.nodeName'], resourceVersion: '5' })
    const versions = sent.map(({ query }) => [query?.resourceVersion, query?.resourceVersionMatch])
    expect(versions[0]).toEqual(['5', 'Exact'])
    expect(new Set(versions.slice(1).flat())).toEqual(new Set([undefined]))
  })
})

describe('tableOf', () => {
  it('knows that there is more where a selector hides how much', () => {
    expect(tableOf({ metadata: { continue: 'x' } }, 'shop').remaining).toBe(1)
    expect(tableOf({ metadata: { continue: 'x', remainingItemCount: 12 } }, 'shop').remaining).toBe(12)
    expect(tableOf({ metadata: {} }, 'shop').remaining).toBe(0)
  })
  it('reads names and times of an API that knows no Tables', () => {
    const items = [{ metadata: { name: 'a', namespace: 'x', creationTimestamp: '2026-01-01T00:00:00Z' } }]
    const { columns, rows } = tableOf({ items }, undefined)
    expect(columns.map((column) => column.key)).toEqual(['name', 'createdAt'])
    expect(rows).toEqual([{ cells: ['a', '2026-01-01T00:00:00Z'], namespace: 'x' }])
  })
})
