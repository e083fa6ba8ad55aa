import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** One write that happened. */
interface Effect {
  object: string
  marker: string
  resourceVersion: number
}

export interface FakeCluster {
  read(object: string): { resourceVersion: number; marker: string }
  /** Compares and sets, as an API server does: 200 or 409. */
  write(object: string, sent: { resourceVersion: number; marker: string }): number
  /** Somebody else changes the object. */
  disturb(object: string): void
  effects: Effect[]
}

/** Objects that can be changed only with their current resourceVersion; each change is counted. */
export function fakeCluster(file?: string): FakeCluster {
  const objects = new Map<string, { resourceVersion: number; marker: string }>()
  const effects: Effect[] = []
  const read = (object: string) => objects.get(object) ?? { resourceVersion: 1, marker: '' }
  return {
    effects,
    read,
    write(object, { resourceVersion, marker }) {
      if (read(object).resourceVersion !== resourceVersion) return 409
      objects.set(object, { resourceVersion: resourceVersion + 1, marker })
      effects.push({ object, marker, resourceVersion })
      if (file) appendFileSync(file, `${object} ${marker} ${resourceVersion}\n`)
      return 200
    },
    disturb(object) {
      const { resourceVersion, marker } = read(object)
      objects.set(object, { resourceVersion: resourceVersion + 1, marker })
    },
  }
}

/** The same for other processes; outlives every one of them. */
export async function serveCluster(cluster: FakeCluster) {
  const server = createServer(async (request, response) => {
    const object = decodeURIComponent((request.url ?? '').slice(1))
    if (request.method === 'GET') return response.end(JSON.stringify(cluster.read(object)))
    const sent = (await json(request)) as { resourceVersion: number; marker: string }
    response.statusCode = cluster.write(object, sent)
    return response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, close: () => server.close() }
}
