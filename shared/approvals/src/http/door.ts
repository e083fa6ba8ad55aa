import type { Sanitised } from '@gatehouse/sanitizer'
import type { Principal } from '../principal.ts'
import { recordView } from '../record.ts'
import { createListing, type Listing } from '../view/listing.ts'
import type { RequestView } from '../view/request-view.ts'
import { type CookieNames, cookieNames } from './cookies.ts'
import type { ApprovalDeps } from './deps.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { createWaits, type Waits } from './waits.ts'
import { createWho, type Who } from './who.ts'

/** What all routes of this listener share. */
export interface Door {
  deps: ApprovalDeps
  who: Who
  cookies: CookieNames
  /** Of logins on the page. Bearer tokens have their own: a program with an old token must not shut people out. */
  throttle: Throttle
  /** Calls that wait for an outcome now. */
  waits: Waits
  /** What lists show of requests. */
  listing: Listing
  /** Puts it on the record that somebody was shown a request: once for each login and view. */
  viewed(principal: Principal, view: Sanitised<RequestView>): Promise<void>
}

const MOST_REMEMBERED = 10_000

export function createDoor(deps: ApprovalDeps): Door {
  const cookies = cookieNames(deps.publicUrl)
  const shown = new Set<string>()
  return {
    deps,
    cookies,
    throttle: createThrottle(),
    who: createWho(deps.store, cookies, createThrottle()),
    waits: createWaits(),
    listing: createListing(deps.store, deps.sanitizer),
    async viewed(principal, { requestId, viewDigest }) {
      if (principal.kind !== 'human') return
      const key = `${principal.sessionId ?? principal.tokenId} ${requestId} ${viewDigest}`
      if (shown.has(key)) return
      await recordView(deps.store, principal, requestId, viewDigest)
      shown.add(key)
      const oldest = shown.values().next().value
      if (shown.size > MOST_REMEMBERED && oldest !== undefined) shown.delete(oldest)
    },
  }
}
