import { GatehouseError } from '@gatehouse/errors'
import type { Express } from 'express'
import { defaultContext } from '../default-context.ts'
import type { Door } from './door.ts'
import { READING } from './who.ts'
import { writeJson } from './write.ts'

/** Which context a server was last switched to, for that server: it asks at its start and follows. */
export function contextRoutes(app: Express, { deps, who }: Door): void {
  app.get('/api/contexts/:server', async (request, response) => {
    await who.bearer(request, READING)
    const { server } = request.params
    if (!/^[a-z0-9-]{1,63}$/.test(server)) throw new GatehouseError('NOT_FOUND', 'No such server')
    const context = await defaultContext(deps.store, server)
    writeJson(response, 200, deps.sanitizer.value({ context: context ?? null }))
  })
}
