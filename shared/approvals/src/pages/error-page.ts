import { ownWords } from '@gatehouse/sanitizer'
import { errorBlock, type Html, html, page, type Shown } from '@gatehouse/web'
import { framed, type Reader } from './frame.ts'

export interface ErrorWords {
  message: Shown
  hint: Shown
  correlationId: Shown
}

/** What happened, what to do, and the id to search the logs for. Without a reader: to strangers. */
export function errorPage(reader: Reader | undefined, { message, hint, correlationId }: ErrorWords): Html {
  const title = ownWords`Not done`
  const content = html`<div class="narrow">${errorBlock(message, hint, correlationId)}<p><a href="/">Go to the inbox</a></p></div>`
  if (reader) return framed(reader, { title, content })
  return page({ title, place: ownWords`Approvals`, links: [], content })
}
