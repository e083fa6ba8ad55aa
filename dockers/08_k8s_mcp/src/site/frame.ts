import { ownWords } from '@gatehouse/sanitizer'
import { type Html, html, type Link, page, type Shown } from '@gatehouse/web'

interface Framed {
  title: Shown
  /** Address in the navigation. */
  current?: Shown
  content: Html
  /** What the reader searched for. */
  searched?: string
}

/** Puts content into the suite's one shell. */
export type Frame = (framed: Framed) => Html

const LINKS: readonly Link[] = [
  { address: ownWords`/`, text: ownWords`Start` },
  { address: ownWords`/docs`, text: ownWords`Docs` },
  { address: ownWords`/api`, text: ownWords`API` },
  { address: ownWords`/templates`, text: ownWords`Templates` },
  { address: ownWords`/status`, text: ownWords`Status` },
]

/** `approvals`: where people decide, as APPROVAL_PUBLIC_URL names it. */
export function createFrame(approvals: URL): Frame {
  const links = [...LINKS, { address: approvals, text: ownWords`Approvals` }]
  return ({ title, current, content, searched }) =>
    page({
      title,
      place: ownWords`Kubernetes`,
      links,
      search: { action: ownWords`/search`, ...(searched !== undefined && { value: searched }) },
      ...(current !== undefined && { current }),
      content,
    })
}

/** Where a page stands: links from the outside in, and the page's own name last. */
export function crumbs(steps: readonly Link[], last: Shown): Html {
  const links = steps.map(({ address, text }) =>
    address instanceof URL ? html`` : html`<li><a href="${address}">${text}</a></li>`,
  )
  return html`<nav class="crumbs" aria-label="Place"><ol>${links}<li aria-current="page">${last}</li></ol></nav>`
}
