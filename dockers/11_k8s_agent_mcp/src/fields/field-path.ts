/** A path of an allow-list: names, `[]` into each item of a list, `*` into each value of a map. */
export type FieldPath = readonly string[]

const STEP = /(?:"([^"]+)"|(\*|[A-Za-z0-9][A-Za-z0-9_/-]*))(\[\])?(\.|$)/y

/**
 * Parses `spec.containers[].image`; a name with dots of its own is quoted, as in `metadata.annotations."a.b/c"`.
 * @returns undefined for what is no path
 */
export function parseFieldPath(text: string): FieldPath | undefined {
  const path: string[] = []
  for (let at = 0; at < text.length || text.endsWith('.'); ) {
    STEP.lastIndex = at
    const [all, quoted, plain, items] = STEP.exec(text) ?? []
    // In quotes these two would be names, and yet they would act as steps.
    if (all === undefined || quoted === '[]' || quoted === '*') return undefined
    path.push(quoted ?? plain ?? '')
    if (items) path.push(items)
    at += all.length
  }
  return path.length === 0 ? undefined : path
}

/** The paths of one kind as a tree; `true` shows everything below. */
export type FieldTree = Map<string, FieldTree | true>

/** Adds a path. What a shorter one shows already stays shown. */
export function addPath(tree: FieldTree, path: FieldPath): void {
  const [first, ...rest] = path
  if (first === undefined) return
  const known = tree.get(first)
  if (known === true) return
  if (rest.length === 0) {
    tree.set(first, true)
    return
  }
  const below: FieldTree = known ?? new Map()
  tree.set(first, below)
  addPath(below, rest)
}
