import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import type { Express, Response } from 'express'
import { type TokenLine, type TokensPage, tokensPage } from '../pages/tokens-page.ts'
import { actorOf, type Principal, type Scope, scopes } from '../principal.ts'
import type { Session } from '../sessions.ts'
import { createToken, listTokens, type NewToken, revokeToken, type TokenInfo } from '../tokens.ts'
import type { Door } from './door.ts'
import { wholeNumber } from './fields.ts'
import { postedForm, readerOf, sessionOf } from './reader.ts'
import { seeOther, writePage } from './write.ts'

const DAY_MS = 24 * 60 * 60_000

/** Tokens, for administrators. */
export function tokenRoutes(app: Express, door: Door): void {
  const { store, sanitizer } = door.deps
  const show = async (
    response: Response,
    session: Session,
    status: number,
    more: Partial<TokensPage> = {},
  ): Promise<void> => {
    const tokens = (await listTokens(store)).map((token) => lineOf(door, token, session.principal))
    writePage(response, status, tokensPage(await readerOf(door, session), { tokens, ...more }))
  }
  app.get('/tokens', async (request, response) => {
    const session = await sessionOf(door, request)
    assertAdmin(session)
    await show(response, session, 200)
  })
  app.post('/tokens', async (request, response) => {
    const { session, form } = await postedForm(door, request)
    assertAdmin(session)
    try {
      const wanted = wantedOf(form)
      const { token } = await createToken(store, wanted, actorOf(session.principal))
      const made = { secret: token, subject: sanitizer.text(wanted.subject) }
      await show(response, session, 201, { made })
    } catch (thrown) {
      const error = asGatehouseError(thrown)
      if (error.http >= 500) throw thrown
      await show(response, session, error.http, { failure: sanitizer.text(error.message) })
    }
  })
  app.post('/tokens/:id/revoke', async (request, response) => {
    const { session } = await postedForm(door, request)
    assertAdmin(session)
    await revokeToken(store, String(request.params.id), actorOf(session.principal))
    seeOther(response, '/tokens')
  })
}

function assertAdmin({ principal }: Session): void {
  if (!principal.scopes.includes('admin'))
    throw new GatehouseError('NOT_PERMITTED', 'This needs the scope admin, which this login does not have')
}

function wantedOf(form: Record<string, string>): NewToken {
  const kind = (['agent', 'human', 'service'] as const).find((one) => one === form.kind)
  if (!kind) throw new GatehouseError('INVALID_INPUT', 'kind: agent, human or service')
  const days = wholeNumber(form.days, 'days', 1, 3650) ?? 90
  const wanted: Scope[] = scopes.filter((scope) => form[`scope-${scope}`] === 'yes')
  const { subject = '', name = '' } = form
  return { subject: subject.trim(), kind, scopes: wanted, name: name.trim(), validMs: days * DAY_MS }
}

function lineOf({ deps }: Door, token: TokenInfo, reader: Principal): TokenLine {
  const { text } = deps.sanitizer
  return {
    id: text(token.id),
    subject: text(token.subject),
    kind: token.kind,
    scopes: text(token.scopes.join(', ')),
    name: text(token.name),
    behind: token.behind === null ? undefined : text(token.behind),
    expiresAt: token.expiresAt,
    revoked: token.revokedAt !== null,
    lastUsedAt: token.lastUsedAt ?? undefined,
    own: token.id === reader.tokenId,
  }
}
