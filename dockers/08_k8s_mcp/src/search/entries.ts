import type { Sanitizer } from '@gatehouse/sanitizer'
import type { AnyTool } from '@gatehouse/tools'
import { lexer, type MarkedToken } from 'marked'
import { slug } from '../documentation/markdown.ts'
import type { Topic } from '../documentation/topic.ts'
import { addressOf } from '../reference/kinds.ts'
import { type Survey, titleOf } from '../reference/survey.ts'
import type { Template } from '../templates/index.ts'
import type { SearchEntry } from './entry.ts'
import { shortNamesOf } from './short-names.ts'

const SLICE = 200

/** A topic as entries: itself, and each of its sections at its own address. */
export function topicEntries(
  { name, title, summary, body, kinds, words }: Topic,
  { text }: Sanitizer,
): SearchEntry[] {
  const names = kinds.map((kind) => kind.slice(kind.lastIndexOf('/') + 1))
  const keywords = [name, ...names, ...names.flatMap(shortNamesOf), words].join(' ')
  const url = `/docs/${name}`
  const sections = sectionsOf(body).map(
    ({ heading, words: said }): SearchEntry => ({
      kind: 'topic',
      title: `${title}: ${heading}`,
      url: `${url}#${slug(heading)}`,
      text: text(said),
      whole: url,
    }),
  )
  return [{ kind: 'topic', title, url, text: text(summary), keywords, whole: url }, ...sections]
}

export function templateEntry(
  { name, title, summary, notes, group }: Template,
  { text }: Sanitizer,
): SearchEntry {
  return {
    kind: 'template',
    title: text(title),
    url: `/templates/${name}`,
    text: text(summary),
    keywords: text([name, group, ...notes].join(' ')),
  }
}

export function toolEntry({ name, title, description }: AnyTool): SearchEntry {
  return { kind: 'tool', title: name, url: `/#${name}`, text: description, keywords: title }
}

/** Every kind and field of the reference. Sanitised in pieces, so that other callers get their turn. */
export async function fieldEntries({ fields }: Survey, { text }: Sanitizer): Promise<SearchEntry[]> {
  const entries: SearchEntry[] = []
  for (const [index, field] of fields.entries()) {
    if (index % SLICE === 0) await new Promise(setImmediate)
    const { kind, path, description, type } = field
    entries.push({
      kind: 'field',
      title: text(titleOf(field)),
      url: addressOf(kind, path),
      text: text(description || type),
      ...(path === '' && { keywords: shortNamesOf(kind.kind).join(' ') }),
    })
  }
  return entries
}

function sectionsOf(body: string): { heading: string; words: string }[] {
  const sections: { heading: string; words: string }[] = []
  for (const token of lexer(body) as MarkedToken[]) {
    if (token.type === 'heading') sections.push({ heading: token.text, words: '' })
    else {
      const last = sections.at(-1)
      if (last) last.words += ` ${plain(token.raw)}`
    }
  }
  return sections
}

// Marks of Markdown say nothing to a reader of a fragment.
function plain(markdown: string): string {
  return markdown
    .replaceAll(/^```.*$/gm, '')
    .replaceAll(/\]\([^)]*\)/g, '')
    .replaceAll(/^[-|: ]+$/gm, '')
    .replaceAll(/[`*|[\]]|^#+ /gm, ' ')
}
