import type { Row } from './report.ts'
import { ownServer, startHttp } from './session.ts'
import { median, timeEach } from './statistics.ts'

// What people and agents look for: words, typing errors, paths, several words.
const QUERIES = [
  'maxSurge',
  'crashloopbackoff',
  'livenes prob',
  'svc',
  'deploy.spec.strategy.rollingUpdate',
  'why does my pod restart',
  'image pull secrets',
  'horizontal pod autoscaler',
  'network policy deny all',
  'pod',
]
const READY_MS = 2_000
const SEARCH_MS = 20
const PAGE_MS = 10
const PAGE_KILOBYTES = 60

/** Documentation, reference and search of a server that has just started, as a browser asks for them. */
export async function documentationRows(kubeconfig: string, quick: boolean): Promise<Row[]> {
  await using server = await startHttp(ownServer(kubeconfig, false))
  const get = async (path: string): Promise<string> => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { accept: 'text/html' } })
    const page = await reply.text()
    if (!reply.ok) throw new Error(`${path}: ${reply.status}`)
    return page
  }
  // The first request of all also loads the pages, the renderer and express.
  const [loading = 0] = await timeEach(1, () => get('/status'))
  const [ready = 0] = await timeEach(1, () => get('/api/core/v1/Pod'))
  const [survey = 0] = await timeEach(1, () => get('/api'))
  const [first = 0] = await timeEach(1, () => get('/search?q=maxSurge'))
  const rounds = quick ? 10 : 50
  const searches: number[] = []
  for (const query of QUERIES)
    searches.push(...(await timeEach(rounds, () => get(`/search?q=${encodeURIComponent(query)}`))))
  const topics = topicsIn(await get('/docs'))
  const pages = [...topics, '/', '/docs', '/api', '/templates', '/api/core/v1/Pod?field=spec']
  const times: number[] = []
  const sizes: number[] = []
  for (const path of pages) {
    sizes.push(Buffer.byteLength(await get(path)) / 1024)
    times.push(median(await timeEach(quick ? 3 : 10, () => get(path))))
  }
  const slowest = `slowest of ${pages.length} pages; median ${median(times).toFixed(1)} ms`
  const kilobytes = `largest HTML ${Math.max(...sizes).toFixed(0)} kB of ${PAGE_KILOBYTES}`
  return [
    {
      work: 'reference of the cluster: first page after the start',
      unit: 'ms',
      measured: ready,
      budget: { most: READY_MS },
      note: `/api/core/v1/Pod; the list of all kinds then ${survey.toFixed(0)} ms, first search ${first.toFixed(0)} ms, first page of all ${loading.toFixed(0)} ms`,
    },
    {
      work: 'search over everything, p50',
      unit: 'ms',
      measured: median(searches),
      budget: { most: SEARCH_MS },
      note: `as a page, ${QUERIES.length} queries × ${rounds}; slowest ${Math.max(...searches).toFixed(0)} ms`,
    },
    {
      work: 'documentation page',
      unit: 'ms',
      measured: Math.max(...times),
      budget: { most: PAGE_MS },
      note: `${slowest}; ${kilobytes}`,
    },
  ]
}

function topicsIn(page: string): string[] {
  return [...page.matchAll(/href="(\/docs\/[a-z0-9-]+)"/g)].map(([, path = '']) => path)
}
