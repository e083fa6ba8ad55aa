import { ownWords } from '@gatehouse/sanitizer'
import { banner, type Html, hiddenField, html, type Link, page, type Shown } from '@gatehouse/web'

/** Who looks at a page, and what holds for every page. Times in milliseconds since 1970. */
export interface Reader {
  subject: Shown
  mayApprove: boolean
  isAdmin: boolean
  /** The synchroniser token of the session, for every form. */
  formToken: string
  now: number
  /** The newest row of the record when the page was drawn: its event stream goes on from there. */
  sequence: number
  /** Decisions of one's own requests are allowed. */
  singleUser: boolean
  /** Where the documentation of the suite is. */
  documentation?: URL
  /** Why nothing is approved or executed now. */
  halted?: { reason: Shown; by: Shown; release: 'kill-switch' | 'rollback' }
}

export interface Framed {
  title: Shown
  /** Address in the navigation. */
  current?: Shown
  content: Html
  events?: Shown
}

const LINKS: readonly (Link & { admin?: boolean })[] = [
  { address: ownWords`/`, text: ownWords`Inbox` },
  { address: ownWords`/history`, text: ownWords`History` },
  { address: ownWords`/new`, text: ownWords`Propose` },
  { address: ownWords`/audit`, text: ownWords`Audit` },
  { address: ownWords`/tokens`, text: ownWords`Tokens`, admin: true },
]

/** A page of the approval server for somebody who is logged in. */
export function framed(reader: Reader, { title, current, content, events }: Framed): Html {
  return page({
    title,
    place: ownWords`Approvals`,
    links: linksFor(reader),
    ...(current !== undefined && { current }),
    identity: { name: reader.subject, leave: logout(reader) },
    banners: banners(reader),
    content,
    ...(events !== undefined && { events: ownWords`${events}?after=${reader.sequence}` }),
  })
}

function linksFor({ isAdmin, documentation }: Reader): Link[] {
  const own = LINKS.filter(({ admin }) => !admin || isAdmin)
  return documentation ? [...own, { address: documentation, text: ownWords`Docs` }] : own
}

/** A form that changes something: posted, with the token that shows that this page sent it. */
export function form(reader: Pick<Reader, 'formToken'>, action: Shown, content: Html, id?: Shown): Html {
  const token = hiddenField('form-token', reader.formToken)
  return id === undefined
    ? html`<form method="post" action="${action}">${token}${content}</form>`
    : html`<form method="post" action="${action}" id="${id}">${token}${content}</form>`
}

function logout(reader: Reader): Html {
  return form(reader, ownWords`/logout`, html`<button class="quiet">Log out</button>`)
}

function banners({ halted, singleUser }: Reader): Html[] {
  const list: Html[] = []
  if (halted?.release === 'rollback') {
    list.push(
      banner(
        ownWords`The database is older than its record.`,
        html`Everything that was open is void until an administrator acknowledges it: ${halted.reason} <a href="/audit#brakes">See the brakes</a>`,
        'bad',
      ),
    )
  } else if (halted) {
    list.push(
      banner(
        ownWords`Kill switch on.`,
        html`Nothing is approved or carried out: “${halted.reason}” (<bdi>${halted.by}</bdi>) <a href="/audit#brakes">See the brakes</a>`,
        'bad',
      ),
    )
  }
  if (singleUser) {
    list.push(
      banner(
        ownWords`Single-user mode.`,
        html`One person may approve what the same person asked for. Every record says so.`,
      ),
    )
  }
  return list
}
