import type { SiteDeps } from './deps.ts'

const SERVICE = 'k8s-mcp'

/** How this server stands. Contexts nobody has used are not asked: this page needs no token. */
export async function statusOf({
  version,
  startedAt,
  tools,
  clusters,
  references,
  metrics,
  connection,
}: SiteDeps) {
  const [{ cluster }, reference, { calls, errors }] = await Promise.all([
    connection(),
    references.ask(undefined, async ({ origin, version: kubernetes }) => ({ origin, version: kubernetes })),
    metrics(),
  ])
  return {
    service: SERVICE,
    version,
    startedAt,
    uptimeSeconds: Math.round((Date.now() - startedAt) / 1000),
    tools: tools.length,
    cluster,
    contexts: await contextsOf({ clusters, connection }),
    reference: { ...reference.value, ...(reference.note && { note: reference.note }) },
    calls: { total: calls, errors },
    links: { health: '/health', metrics: '/metrics', openapi: '/openapi.json' },
  }
}

async function contextsOf({ clusters, connection }: Pick<SiteDeps, 'clusters' | 'connection'>) {
  try {
    const used = clusters.inUse()
    return await Promise.all(
      clusters.contexts().map(async ({ name, current }) => ({
        name,
        current,
        connection: used.has(name) ? await connectionOf(connection, name) : 'not used yet',
      })),
    )
  } catch {
    // Why there are none stands under "cluster".
    return []
  }
}

async function connectionOf(connection: SiteDeps['connection'], name: string) {
  return (await connection(name)).cluster.connected ? 'connected' : 'not connected'
}
