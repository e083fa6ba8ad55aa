import { once } from 'node:events'
import { GatehouseError } from '@gatehouse/errors'
import type { Express, Response } from 'express'
import { brakes, engageKillSwitch, releaseKillSwitch } from '../brakes.ts'
import { exportRecord } from '../record.ts'
import { jsonBody } from './body.ts'
import type { Door } from './door.ts'
import { assertOnly, requiredText, wholeNumber } from './fields.ts'
import { READING } from './who.ts'
import { writeJson } from './write.ts'

/** The record as a file, and the kill switch. */
export function adminRoutes(app: Express, { deps, who }: Door): void {
  const { store, sanitizer } = deps
  app.get('/api/audit', async (request, response) => {
    await who.bearer(request, READING)
    await writeRecord(
      response,
      exportRecord(store, wholeNumber(request.query.after, 'after', 0, 2 ** 52) ?? 0),
    )
  })
  app.post('/api/kill-switch', async (request, response) => {
    const principal = await who.bearer(request, ['admin'])
    const body = await jsonBody(request)
    assertOnly(body, ['engaged', 'reason'])
    const { engaged = true } = body
    if (typeof engaged !== 'boolean') throw new GatehouseError('INVALID_INPUT', 'engaged: true or false')
    if (engaged) await engageKillSwitch(store, principal, requiredText(body, 'reason', 500))
    else await releaseKillSwitch(store, principal)
    const found = (await brakes(store)).find(({ name }) => name === 'kill-switch')
    writeJson(
      response,
      200,
      sanitizer.value({ engaged: found?.engaged ?? true, reason: found?.reason ?? null }),
    )
  })
}

/** JSON lines, as they stand in the record: what goes in there is sanitised before, and may not change after. */
export async function writeRecord(response: Response, lines: AsyncGenerator<string>): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson',
    'content-disposition': 'attachment; filename="gatehouse-audit.jsonl"',
    'cache-control': 'no-store',
  })
  for await (const line of lines) {
    if (response.destroyed) return
    if (!response.write(`${line}\n`)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end()
}
