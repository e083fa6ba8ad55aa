import { load } from 'js-yaml'
import { z } from 'zod'

export const GROUPS = ['concepts', 'operating', 'configuration', 'helm', 'gatehouse'] as const
export type Group = (typeof GROUPS)[number]

/** The headings of every topic, in this order; static/README.md says what stands under them. */
export const HEADINGS = [
  'What it is',
  'When it goes wrong',
  'What to look at',
  'Example',
  'See also',
] as const

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is lower-case words joined by hyphens')

const header = z.strictObject({
  title: z.string().min(2).max(60),
  summary: z.string().min(20).max(200),
  /** `v1/Pod`, `apps/v1/Deployment`. */
  kinds: z.array(z.string().regex(/^([a-z0-9.-]+\/)?v[0-9a-z]+\/[A-Z][A-Za-z]+$/)).default([]),
  template: name.optional(),
  see: z.array(name).min(1),
})

export type Topic = z.output<typeof header> & {
  name: string
  group: Group
  /** Markdown below the header. */
  body: string
}

/** @throws Error that names what is wrong with the file */
export function parseTopic(group: Group, topicName: string, text: string): Topic {
  const match = /^---\n(.*?)\n---\n(.*)$/s.exec(text)
  if (!match) throw new Error('begins with a header between two lines of three hyphens')
  const [, head = '', body = ''] = match
  const parsed = header.safeParse(load(head))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`header: ${issue?.path.join('.') || 'it'}: ${issue?.message}`)
  }
  return { ...parsed.data, name: name.parse(topicName), group, body: body.trim() }
}

/** A topic as one Markdown document, with its links written out. */
export function topicMarkdown({ title, summary, body, kinds, template, see }: Topic): string {
  const links = [
    ...kinds.map((kind) => `[${kind}](/api/${referenceOf(kind)})`),
    ...(template ? [`[template ${template}](/templates/${template})`] : []),
    ...see.map((name) => `[${name}](/docs/${name})`),
  ]
  return `# ${title}\n\n${summary}\n\n${body}\n\n${links.join(' · ')}\n`
}

/** `v1/Pod` is `core/v1/Pod` in an address. */
export function referenceOf(kind: string): string {
  return kind.split('/').length === 2 ? `core/${kind}` : kind
}
