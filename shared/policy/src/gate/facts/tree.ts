/** Reading of objects that are not trusted to have any shape. */
export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A member that is an object itself, or an empty one. */
export function treeAt(value: unknown, key: string): Tree {
  const found = isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isTree(found) ? found : {}
}

/** The objects of a member that is a list. */
export function treesAt(value: unknown, key: string): Tree[] {
  return listAt(value, key).filter(isTree)
}

export function listAt(value: unknown, key: string): unknown[] {
  const found = isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return Array.isArray(found) ? found : []
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** Whether two values are equal as JSON, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]))
  }
  if (!isTree(a) || !isTree(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  )
}
