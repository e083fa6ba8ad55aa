import { verifyExport } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { Express } from 'express'
import { engageKillSwitch, releaseKillSwitch } from '../brakes.ts'
import { auditPage, type Verdict } from '../pages/audit-page.ts'
import { exportRecord } from '../record.ts'
import { acknowledgeRollback } from '../rollback.ts'
import { writeRecord } from './admin-api.ts'
import type { Door } from './door.ts'
import { requiredText, wholeNumber } from './fields.ts'
import { postedForm, readerOf, sessionOf } from './reader.ts'
import { auditLines } from './record-reads.ts'
import { seeOther, writePage } from './write.ts'

const LINES = 50

/** The record, whether it verifies, and the brakes. */
export function adminPageRoutes(app: Express, door: Door): void {
  const { store, sanitizer, checkpoints } = door.deps
  const verify = oneAtATime(() => verified(door))
  app.get('/audit', async (request, response) => {
    const session = await sessionOf(door, request)
    const before = wholeNumber(request.query.before, 'before', 1, 2 ** 52)
    const verdict = request.query.verify === 'now' ? await verify() : undefined
    const lines = await auditLines(store, sanitizer, LINES, before)
    const last = lines.at(-1)?.sequence ?? 0
    const older = lines.length === LINES && last > 1 ? sanitizer.text(`/audit?before=${last}`) : undefined
    writePage(response, 200, auditPage(await readerOf(door, session), { lines, older, verdict }))
  })
  app.get('/audit/export', async (request, response) => {
    await sessionOf(door, request)
    await writeRecord(response, exportRecord(store))
  })
  app.post('/brakes/kill-switch/engage', async (request, response) => {
    const { session, form } = await postedForm(door, request)
    await engageKillSwitch(store, session.principal, requiredText(form, 'reason', 500))
    seeOther(response, '/audit')
  })
  app.post('/brakes/kill-switch/release', async (request, response) => {
    const { session } = await postedForm(door, request)
    await releaseKillSwitch(store, session.principal)
    seeOther(response, '/audit')
  })
  app.post('/brakes/rollback/acknowledge', async (request, response) => {
    const { session } = await postedForm(door, request)
    if (!checkpoints) throw new GatehouseError('CONFLICT', 'There are no checkpoints here')
    await acknowledgeRollback(store, checkpoints, session.principal)
    seeOther(response, '/audit')
  })
}

async function verified({ deps }: Door): Promise<Verdict> {
  const { store, checkpoints, sanitizer } = deps
  const report = await verifyExport(exportRecord(store), checkpoints?.lines() ?? [])
  const { ok, rows, bad, problems } = report
  const reason = bad ? `Row ${bad.row}: ${bad.reason}` : problems[0]
  return {
    ok,
    rows,
    checkpoints: report.checkpoints,
    ...(reason !== undefined && { reason: sanitizer.text(reason) }),
  }
}

// It reads the whole record: who asks meanwhile gets the same answer.
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}
