import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { ownWords } from '@gatehouse/sanitizer'
import { assetAt, GUARD_HEADERS } from '@gatehouse/web'
import type { App } from './app.ts'
import type { ApprovalDeps } from './deps.ts'
import { createDoor, type Door } from './door.ts'
import type { IncomingMessage, ServerResponse } from './message.ts'
import { assertHost, servedNames } from './origin.ts'
import { READING } from './who.ts'
import { writeAsset, writeJson, writeText } from './write.ts'

/** Port 3100, for any listener: what it throws is a GatehouseError to be answered as problem+json. */
export interface ApprovalApp {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** From now on /readyz says no. */
  drain(): void
  /** Ends the event streams, so that the listener can stop. */
  close(): Promise<void>
}

/** REST and pages where people decide. */
export function createApprovalApp(options: ApprovalDeps): ApprovalApp {
  // Requests are what callers say: a digest in them would answer guesses at secrets.
  const deps = { ...options, sanitizer: options.sanitizer.blind() }
  const door = createDoor(deps)
  const names = servedNames(deps.publicUrl, deps.host, deps.hosts)
  let app: Promise<App> | undefined
  // express costs 57 ms and 11 MB, which a health check need not pay for.
  const load = () => {
    app ??= import('./app.ts').then(({ createApp }) => createApp(door))
    return app
  }
  let ready = true
  return {
    async handle(request, response) {
      for (const [name, value] of Object.entries(GUARD_HEADERS)) response.setHeader(name, value)
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      if (path === '/livez') return writeText(response, 200, ownWords`ok`)
      if (path === '/readyz')
        return writeText(response, ready ? 200 : 503, ready ? ownWords`ok` : ownWords`stopping`)
      assertHost(request, names)
      if (await answeredPlainly(door, path, request, response)) return
      try {
        await (await load()).run(request, response)
      } catch (thrown) {
        const { retryAfterSeconds } = asGatehouseError(thrown).data
        if (typeof retryAfterSeconds === 'number' && !response.headersSent)
          response.setHeader('retry-after', retryAfterSeconds)
        throw thrown
      }
    },
    drain() {
      ready = false
    },
    async close() {
      ready = false
      const loaded = await app
      loaded?.close()
    },
  }
}

/** What needs no express. */
async function answeredPlainly(
  { deps, who }: Door,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (path === '/health') {
    const health = await deps.health()
    writeJson(response, health.state === 'unhealthy' ? 503 : 200, deps.sanitizer.value(health))
    return true
  }
  if (path === '/metrics') {
    await who.bearer(request, READING)
    const type = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
    writeText(response, 200, deps.sanitizer.text(await deps.metrics()), type)
    return true
  }
  if (!path.startsWith('/assets/')) return false
  const asset = assetAt(path)
  if (!asset) throw new GatehouseError('NOT_FOUND', 'There is no such file; load the page again')
  writeAsset(response, asset)
  return true
}
