import type { FieldTree } from './field-path.ts'

export interface Selected {
  shown: Record<string, unknown>
  /** Paths that exist and are not shown, `[]` for any item of a list; sorted, each once. */
  hidden: string[]
}

const LONGEST_KEY = 80

/** Keeps of an object what the tree names. Anything else, however it looks, is left out and named. */
export function selectFields(object: Record<string, unknown>, tree: FieldTree): Selected {
  const hidden = new Set<string>()
  const shown = fields(object, tree, '', hidden)
  return { shown, hidden: [...hidden].sort() }
}

function select(value: unknown, tree: FieldTree | true, path: string, hidden: Set<string>): unknown {
  if (tree === true) return value
  if (Array.isArray(value)) {
    const items = tree.get('[]')
    if (items !== undefined) return value.map((item) => select(item, items, `${path}[]`, hidden))
  } else if (value !== null && typeof value === 'object' && !onlyItems(tree)) {
    return fields(value as Record<string, unknown>, tree, path, hidden)
  }
  // The list names fields inside, and this has none.
  hidden.add(path)
  return undefined
}

function fields(
  object: Record<string, unknown>,
  tree: FieldTree,
  path: string,
  hidden: Set<string>,
): Record<string, unknown> {
  const kept: [string, unknown][] = []
  for (const [key, value] of Object.entries(object)) {
    // A name that is itself a text has no place in a list of names.
    const name = key.length > LONGEST_KEY ? '…' : key
    const at = path === '' ? name : `${path}.${name}`
    // A key of the data that looks like a step of a path is none.
    const below = (key === '[]' || key === '*' ? undefined : tree.get(key)) ?? tree.get('*')
    if (below === undefined) {
      hidden.add(at)
      continue
    }
    const shown = select(value, below, at, hidden)
    if (shown !== undefined) kept.push([key, shown])
  }
  return Object.fromEntries(kept)
}

function onlyItems(tree: FieldTree): boolean {
  return tree.size === 1 && tree.has('[]')
}
