import { hash, randomBytes } from 'node:crypto'
import { asGatehouseError } from '@gatehouse/errors'
import type { Express, Request, Response } from 'express'
import { authenticate } from '../authenticate.ts'
import { loginPage } from '../pages/login-page.ts'
import type { Principal } from '../principal.ts'
import { endSession, startSession } from '../sessions.ts'
import { formBody } from './body.ts'
import { cookie, dropCookie, setCookie } from './cookies.ts'
import type { Door } from './door.ts'
import { assertOwnPage } from './origin.ts'
import { postedForm } from './reader.ts'
import { recordLoginFailure } from './who.ts'
import { seeOther, writePage } from './write.ts'

/** Logging in with a token, and out again. */
export function loginRoutes(app: Express, door: Door): void {
  const { deps, who, cookies, throttle } = door
  const { store, sanitizer } = deps

  const show = (request: Request, response: Response, next: string, status: number, failure?: string) => {
    // The same for all tabs, or opening a second one would spoil the form of the first.
    const nonce = cookie(request, cookies.login) ?? randomBytes(24).toString('base64url')
    const words = failure === undefined ? {} : { failure: sanitizer.text(failure) }
    response.setHeader('set-cookie', setCookie(cookies.login, nonce, cookies.secure))
    writePage(response, status, loginPage({ formToken: formTokenOf(nonce), next, ...words }))
  }

  app.get('/login', async (request, response) => {
    const next = localPath(request.query.next)
    if (await who.session(request)) seeOther(response, next)
    else show(request, response, next, 200)
  })

  app.post('/login', async (request, response) => {
    assertOwnPage(request)
    const form = await formBody(request)
    const next = localPath(form.next)
    const nonce = cookie(request, cookies.login)
    if (nonce === undefined || form['form-token'] !== formTokenOf(nonce))
      return show(request, response, next, 400, 'The form was too old. Try again')
    try {
      const principal = await authenticate(store, form.token?.trim() ?? '')
      const session = await startSession(store, principal)
      await endOther(door, (await who.session(request))?.principal)
      seeOther(response, next, [
        setCookie(cookies.session, session.secret, cookies.secure),
        dropCookie(cookies.login, cookies.secure),
      ])
    } catch (thrown) {
      const { code, message } = asGatehouseError(thrown)
      if (code !== 'UNAUTHENTICATED' && code !== 'NOT_PERMITTED') throw thrown
      // Only now: whoever has a token that is valid gets in, however many wrong ones came from the same address.
      throttle.assertFree(request)
      throttle.failed(request)
      await recordLoginFailure(store, code)
      show(request, response, next, code === 'UNAUTHENTICATED' ? 401 : 403, message)
    }
  })

  app.post('/logout', async (request, response) => {
    const { session } = await postedForm(door, request)
    await endSession(store, session.principal)
    seeOther(response, '/login', [dropCookie(cookies.session, cookies.secure)])
  })
}

// A login from a browser that is logged in takes the place of what was there.
async function endOther({ deps }: Door, principal: Principal | undefined): Promise<void> {
  if (principal) await endSession(deps.store, principal)
}

// Derived from the cookie: a foreign page can neither read it nor set it.
function formTokenOf(nonce: string): string {
  return hash('sha256', `gatehouse/login-form/1\n${nonce}`, 'hex')
}

/** A path of this listener to go on with; anything else leads to the inbox. */
export function localPath(next: unknown): `/${string}` {
  const isLocal = typeof next === 'string' && /^\/(?![/\\])[A-Za-z0-9/?=&._~%-]{0,500}$/.test(next)
  return isLocal && !next.startsWith('/log') ? (next as `/${string}`) : '/'
}
