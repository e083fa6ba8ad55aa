import MiniSearch, { type SearchResult } from 'minisearch'
import type { EntryKind, SearchEntry, SearchItem } from './entry.ts'
import { fragmentOf } from './fragment.ts'
import { askedWords, wordsOf } from './words.ts'

export interface SearchIndex {
  search(query: string): Found[]
}

/** An item whose fragment is made when it is shown: an answer has up to thousands, and shows twenty. */
export interface Found extends Omit<SearchItem, 'fragment'> {
  whole?: string | undefined
  fragment(): string
}

const KIND_BOOST: Record<EntryKind, number> = { topic: 2.5, template: 2, tool: 1.5, field: 1 }
const SECTION = 0.7
const KIND_ITSELF = 1.5
const LONGEST_TYPED = 40
const OPTIONS = {
  prefix: (word: string) => word.length > 1,
  fuzzy,
  boost: { title: 3, keywords: 3 },
}

/** Ranked, by prefix and with typing errors. All words must be found; where nothing has them all, some. */
export async function createIndex(entries: readonly SearchEntry[]): Promise<SearchIndex> {
  const index = new MiniSearch<{ id: number } & Pick<SearchEntry, 'title' | 'text' | 'keywords'>>({
    fields: ['title', 'text', 'keywords'],
    tokenize: wordsOf,
    processTerm: (word) => word.toLowerCase(),
    searchOptions: { tokenize: askedWords },
  })
  const documents = entries.map(({ title, text, keywords = '' }, id) => ({ id, title, text, keywords }))
  await index.addAllAsync(documents, { chunkSize: 100 })
  const boosts = entries.map(boostOf)
  const boostDocument = (id: number) => boosts[id] ?? 1
  return {
    search(query) {
      const strict = index.search(query, { ...OPTIONS, boostDocument, combineWith: 'AND' })
      const results = strict.length > 0 ? strict : index.search(query, { ...OPTIONS, boostDocument })
      return results.flatMap((result) => found(entries[result.id as number], result))
    },
  }
}

// A section has the title of its whole, and more text: it goes first only where it says more about what is asked.
function boostOf({ kind, url, whole }: SearchEntry): number {
  if (kind === 'field' && !url.includes('?')) return KIND_ITSELF
  return KIND_BOOST[kind] * (whole === undefined || whole === url ? 1 : SECTION)
}

// A word of four letters may have one wrong, one of eight two. Nobody types a word of a hundred letters, and comparing it
// with every other takes long.
function fuzzy(word: string): number | false {
  if (word.length <= 3 || word.length > LONGEST_TYPED) return false
  return word.length < 8 ? 1 : 2
}

function found(entry: SearchEntry | undefined, { score, match }: SearchResult): Found[] {
  if (!entry) return []
  const { kind, title, url, text, whole } = entry
  return [{ kind, title, url, whole, score, fragment: () => fragmentOf(text || title, Object.keys(match)) }]
}
