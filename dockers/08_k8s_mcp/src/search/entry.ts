export const ENTRY_KINDS = ['topic', 'template', 'tool', 'field'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** One thing that can be found. All its texts passed the sanitizer. */
export interface SearchEntry {
  kind: EntryKind
  title: string
  url: string
  text: string
  /** Further words it is found by. */
  keywords?: string
  /** Entries with the same one are parts of one thing: only the best is shown. */
  whole?: string
}

export interface SearchItem {
  kind: EntryKind
  title: string
  url: string
  /** The words around what was found, which is marked as `**word**`. */
  fragment: string
  /** Greater is better; comparable within one answer only. */
  score: number
}
