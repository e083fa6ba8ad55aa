import type { Value } from './template.ts'

const ANY = /\$\{([^}]*)\}?/g
const WHOLE = /^\$\{([A-Za-z0-9]+)\}$/

/** A `${name}` in a manifest. */
export interface Placeholder {
  name: string
  /** The value is nothing else, so it takes the parameter's type. */
  whole: boolean
  /** Where it stands, such as `spec.ports[0].port`. */
  path: string
  /** It is part of a key, where none may be. */
  inKey: boolean
}

export function placeholdersOf(node: unknown, path = ''): Placeholder[] {
  if (typeof node === 'string') return inText(node, path, false)
  if (Array.isArray(node)) return node.flatMap((item, index) => placeholdersOf(item, `${path}[${index}]`))
  if (node === null || typeof node !== 'object') return []
  return Object.entries(node).flatMap(([key, value]) => {
    const below = path ? `${path}.${key}` : key
    return [...inText(key, below, true), ...placeholdersOf(value, below)]
  })
}

function inText(text: string, path: string, inKey: boolean): Placeholder[] {
  const whole = WHOLE.test(text)
  return [...text.matchAll(ANY)].map(([, name = '']) => ({ name, whole, path, inKey }))
}

/** A copy with the values in it; undefined where nothing is left. Values are never looked at for placeholders. */
export function substitute(node: unknown, values: ReadonlyMap<string, Value>): unknown {
  if (typeof node === 'string') {
    const whole = WHOLE.exec(node)?.[1]
    if (whole !== undefined) return values.get(whole)
    return node.replace(ANY, (_found, name: string) => String(values.get(name)))
  }
  if (node === null || typeof node !== 'object') return node
  if (Array.isArray(node)) {
    const items = node.map((item) => substitute(item, values)).filter((item) => item !== undefined)
    return items.length === 0 && node.length > 0 ? undefined : items
  }
  const before = Object.entries(node)
  const after = before
    .map(([key, value]) => [key, substitute(value, values)] as const)
    .filter(([, value]) => value !== undefined)
  // What was empty from the start, such as `emptyDir: {}`, means something.
  return after.length === 0 && before.length > 0 ? undefined : Object.fromEntries(after)
}
