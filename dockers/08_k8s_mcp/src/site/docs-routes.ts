import type { SiteRoute } from '@gatehouse/host'
import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'
import { badge, type Html, html, type Link, nothing, type Shown } from '@gatehouse/web'
import { rendered } from '../documentation/markdown.ts'
import { GROUPS, type Group, referenceOf, type Topic, topicMarkdown } from '../documentation/topic.ts'
import { topicNamed, topics } from '../documentation/topics.ts'
import type { SiteDeps } from './deps.ts'
import { crumbs } from './frame.ts'
import { parameters } from './parameters.ts'

const TITLES: Record<Group, Sanitised<string>> = {
  concepts: ownWords`Concepts`,
  operating: ownWords`Operating`,
  configuration: ownWords`Configuration`,
  helm: ownWords`Helm`,
  gatehouse: ownWords`Gatehouse`,
}
const DOCS: Link = { address: ownWords`/docs`, text: ownWords`Documentation` }

/** `/docs` and `/docs/<topic>`. */
export function docsRoutes({ sanitizer, frame }: SiteDeps): SiteRoute[] {
  // Topics are files of the program: a page is made once.
  const pages = new Map<string, Html>()
  return [
    {
      path: '/docs',
      formats: ['json', 'html'],
      async answer({ query, format }) {
        parameters(query, [])
        const all = await topics()
        if (format === 'json') return { json: sanitizer.value(listing(all)) }
        return {
          html: frame({
            title: ownWords`Documentation`,
            current: ownWords`/docs`,
            content: index(all, sanitizer),
          }),
        }
      },
    },
    {
      path: '/docs/:topic',
      formats: ['json', 'html', 'markdown'],
      async answer({ params, query, format }) {
        parameters(query, [])
        const topic = await topicNamed(params.topic ?? '')
        if (format === 'markdown')
          return { text: sanitizer.text(topicMarkdown(topic)), type: 'text/markdown' }
        if (format === 'json') return { json: sanitizer.value(topicJson(topic)) }
        const content = pages.get(topic.name) ?? topicPage(topic, await topics(), sanitizer)
        pages.set(topic.name, content)
        return { html: frame({ title: sanitizer.text(topic.title), current: ownWords`/docs`, content }) }
      },
    },
  ]
}

/** A topic for programs: its header, and its text as Markdown. */
function topicJson({ body, ...header }: Topic) {
  return { ...header, url: `/docs/${header.name}`, markdown: body }
}

function listing(all: readonly Topic[]) {
  const groups = GROUPS.map((group) => ({
    name: group,
    title: TITLES[group],
    topics: all
      .filter((topic) => topic.group === group)
      .map(({ name, title, summary }) => ({ name, title, summary, url: `/docs/${name}` })),
  }))
  return { total: all.length, groups }
}

function index(all: readonly Topic[], { text }: Sanitizer): Html {
  const sections = GROUPS.map((group) => {
    const entries = all
      .filter((topic) => topic.group === group)
      .map(
        ({ name, title, summary }) =>
          html`<li><a class="main-link" href="/docs/${text(name)}">${text(title)}</a> <span class="muted">${text(summary)}</span></li>`,
      )
    return html`<section><h2 id="${TITLES[group]}">${TITLES[group]}</h2><ul class="entries">${entries}</ul></section>`
  })
  return html`<div class="head"><h1>Documentation</h1></div>
<p class="lead">${all.length} topics. Each says what a thing is, when it goes wrong, and which call shows it.</p>
<div class="columns">${sections}</div>`
}

function topicPage(topic: Topic, all: readonly Topic[], { text }: Sanitizer): Html {
  const { title, summary, group, body } = topic
  return html`${crumbs([DOCS, { address: ownWords`/docs#${TITLES[group]}`, text: TITLES[group] }], text(title))}
<article class="prose"><h1>${text(title)}</h1>
<p class="lead">${text(summary)}</p>
${rendered(body, text)}
${seeAlso(topic, all, text)}</article>`
}

// The last heading of every topic is "See also".
function seeAlso({ kinds, template, see }: Topic, all: readonly Topic[], text: (raw: string) => Shown): Html {
  const references = kinds.map(
    (kind) =>
      html`<li>${badge(ownWords`API`)} <a href="/api/${text(referenceOf(kind))}">${text(kind)}</a></li>`,
  )
  const others = see.flatMap((name) => all.find((one) => one.name === name) ?? [])
  const topics = others.map(
    ({ name, title, summary }) =>
      html`<li><a href="/docs/${text(name)}">${text(title)}</a> <span class="muted">${text(summary)}</span></li>`,
  )
  const made = template
    ? html`<li>${badge(ownWords`template`)} <a href="/templates/${text(template)}">${text(template)}</a></li>`
    : nothing
  return html`<ul class="entries">${topics}${made}${references}</ul>`
}
