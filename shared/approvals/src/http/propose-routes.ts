import { asGatehouseError } from '@gatehouse/errors'
import type { Express } from 'express'
import { proposePage } from '../pages/propose-page.ts'
import type { Door } from './door.ts'
import { requiredText } from './fields.ts'
import { correlationId, goneSignal } from './operations-api.ts'
import { postedForm, readerOf, sessionOf } from './reader.ts'
import { seeOther, writePage } from './write.ts'

const MOST_MANIFEST = 1_000_000

/** A person asks for a change. A link may fill the form in; it never sends it. */
export function proposeRoutes(app: Express, door: Door): void {
  const { deps } = door
  app.get('/new', async (request, response) => {
    const session = await sessionOf(door, request)
    const { yaml, command, reason } = request.query
    const manifest = textOf(yaml)
    const filled = textOf(command) || (manifest === '' ? '' : 'kubectl apply -f -')
    writePage(
      response,
      200,
      proposePage(await readerOf(door, session), { command: filled, manifest, reason: textOf(reason) }),
    )
  })
  app.post('/new', async (request, response) => {
    const { session, form } = await postedForm(door, request)
    try {
      const stored = await deps.submit(
        session.principal,
        { kind: 'command', body: bodyOf(form) },
        { correlationId: correlationId(), signal: goneSignal(response) },
      )
      seeOther(response, `/requests/${stored.requestId}`)
    } catch (thrown) {
      const error = asGatehouseError(thrown)
      if (error.http === 401 || error.code === 'INTERNAL') throw thrown
      const { text } = deps.sanitizer
      const failure = { message: text(error.message), hint: text(error.hint) }
      const { command = '', manifest = '', reason = '' } = form
      const page = proposePage(await readerOf(door, session), { command, manifest, reason, failure })
      writePage(response, error.http, page)
    }
  })
}

function bodyOf(form: Record<string, string>): Record<string, unknown> {
  const command = requiredText(form, 'command', 8_000)
  const { manifest = '', reason = '' } = form
  // Browsers send line breaks of forms as CRLF.
  const stdin = manifest.replaceAll('\r\n', '\n').slice(0, MOST_MANIFEST)
  return {
    command,
    ...(stdin.trim() !== '' && { stdin }),
    ...(reason.trim() !== '' && { reason: reason.trim() }),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MOST_MANIFEST) : ''
}
