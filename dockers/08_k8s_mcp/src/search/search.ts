import { asGatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { AnyTool } from '@gatehouse/tools'
import { topics } from '../documentation/topics.ts'
import { fieldPage } from '../reference/field-page.ts'
import { addressOf } from '../reference/kinds.ts'
import { NO_CLUSTER, type References } from '../reference/references.ts'
import type { Survey } from '../reference/survey.ts'
import { templates } from '../templates/index.ts'
import { fieldEntries, templateEntry, toolEntry, topicEntries } from './entries.ts'
import type { EntryKind, SearchEntry, SearchItem } from './entry.ts'
import { fragmentOf } from './fragment.ts'
import { createIndex, type Found, type SearchIndex } from './search-index.ts'
import { namesKind } from './short-names.ts'

interface SearchQuery {
  query: string
  kind?: EntryKind | undefined
  limit: number
}

export interface SearchAnswer {
  query: string
  total: number
  items: SearchItem[]
  /** What was not searched, and why. */
  note?: string
}

export interface SearchOptions {
  references: References
  tools: readonly AnyTool[]
  sanitizer: Sanitizer
}

export type Search = (query: SearchQuery) => Promise<SearchAnswer>

// Whoever searches first does not wait for a whole cluster's documentation to be read.
const PATIENCE_MS = 1_500
const EXPLAIN_MS = 1_000
const EXPLAINED = 1_000

/** One search over topics, templates, tools and the fields of the API reference. Read and indexed at the first search. */
export function createSearch({ references, tools, sanitizer }: SearchOptions): Search {
  let written: Promise<SearchIndex> | undefined
  let fields: { survey: Survey; index: Promise<SearchIndex> } | undefined
  let last: Reference | undefined
  const fieldsNow = async (): Promise<Reference> => {
    const { value, source, note } = await references.survey(undefined)
    if (fields?.survey !== value) {
      const index = fieldEntries(value, sanitizer).then(createIndex)
      const current = { survey: value, index }
      index.catch(() => {
        if (fields === current) fields = undefined
      })
      fields = current
    }
    last = { index: await fields.index, survey: value, source, note: left(value, note) }
    return last
  }
  return async ({ query, kind, limit }) => {
    written ??= writtenEntries(tools, sanitizer).then(createIndex)
    written.catch(() => {
      written = undefined
    })
    const [own, now] = await Promise.all([written, soon(fieldsNow())])
    // While a cluster's documentation is read anew, what it said before is better than nothing.
    const reference = 'index' in now ? now : last
    const note = reference ? reference.note : now.note
    const explained = reference ? await explain(query, reference, sanitizer) : []
    const known = new Set(explained.map((one) => one.url))
    const found = [...own.search(query), ...(reference ? reference.index.search(query) : [])]
      .filter((one) => !known.has(one.url))
      .sort((a, b) => b.score - a.score)
    const shown = onePerWhole([...explained, ...found]).filter((one) => !kind || one.kind === kind)
    return {
      query,
      total: shown.length,
      items: shown.slice(0, limit).map(({ whole: _, score, fragment, ...item }) => ({
        ...item,
        fragment: fragment(),
        score: Math.round(score * 100) / 100,
      })),
      ...(note && { note }),
    }
  }
}

// What a search leaves out; that there is no cluster is no news to a reader.
function left({ unread }: Survey, note: string | undefined): string | undefined {
  const names = unread.slice(0, 20).map((one) => one.groupVersion)
  const parts = [
    note === NO_CLUSTER ? '' : note,
    names.length > 0 && `The fields of ${names.join(', ')} cannot be searched now.`,
  ]
  return parts.filter(Boolean).join(' ') || undefined
}

async function writtenEntries(tools: readonly AnyTool[], sanitizer: Sanitizer): Promise<SearchEntry[]> {
  return [
    ...(await topics()).flatMap((topic) => topicEntries(topic, sanitizer)),
    ...(await templates()).map((template) => templateEntry(template, sanitizer)),
    ...tools.map(toolEntry),
  ]
}

async function soon<T>(work: Promise<T>): Promise<T | { note: string }> {
  const { promise: late, resolve } = Promise.withResolvers<{ note: string }>()
  const note = 'The API reference is still being read: search again in a moment to find its fields too.'
  const timer = setTimeout(() => resolve({ note }), PATIENCE_MS)
  const failed = (thrown: unknown) => ({
    note: `The API reference cannot be searched: ${asGatehouseError(thrown).message}`,
  })
  try {
    return await Promise.race([work.catch(failed), late])
  } finally {
    clearTimeout(timer)
  }
}

interface Reference {
  index: SearchIndex
  survey: Survey
  source: Awaited<ReturnType<References['survey']>>['source']
  note: string | undefined
}

// `deploy.spec.strategy`, as `kubectl explain` takes it, is the field itself.
async function explain(query: string, { survey, source }: Reference, { text }: Sanitizer): Promise<Found[]> {
  const [word = '', ...path] = query.trim().split('.')
  const kind = survey.kinds.find((one) => namesKind(word, one.kind))
  if (!kind || /\s/.test(query.trim())) return []
  try {
    const page = await fieldPage(source, kind, path.join('.'), AbortSignal.timeout(EXPLAIN_MS))
    const title = page.field ? `${kind.kind}.${page.field}` : `${kind.kind} (${page.apiVersion})`
    const fragment = () => fragmentOf(text(page.description || page.type), [])
    const url = addressOf(kind, page.field)
    return [{ kind: 'field', title: text(title), url, score: EXPLAINED, fragment }]
  } catch {
    return []
  }
}

function onePerWhole(found: readonly Found[]): Found[] {
  const shown = new Set<string>()
  return found.filter(({ whole }) => {
    if (whole === undefined) return true
    const first = !shown.has(whole)
    shown.add(whole)
    return first
  })
}
