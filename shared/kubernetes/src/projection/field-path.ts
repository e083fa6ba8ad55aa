import { GatehouseError } from '@gatehouse/errors'
import { type Source, toValue, type Value } from './value.ts'

/** A step into an object: a key, an index, or all elements. */
export type Step = string | number | typeof ALL
export const ALL = Symbol('[*]')

const STEP = /\.?([A-Za-z_$][\w$/-]*)|\[(\d{1,6})\]|\[\*\]|\[(?:'([^']*)'|"([^"]*)")\]/y
const MAP = /^(?:metadata\.)?(labels|annotations)\.([^[\]'"]+)$/
const LONGEST = 300

/** Whether a column is written as a path into the object rather than as the name of a column. */
export function isPath(name: string): boolean {
  return /[.[{]/.test(name)
}

/**
 * Steps of `spec.containers[*].image`, `metadata.labels['app']`, `labels.app`, with or without the dots and braces
 * kubectl's JSONPath begins with. Throws INVALID_INPUT with the position where it stops being a path.
 */
export function parsePath(text: string): Step[] {
  const bare = text.replace(/^\{(.*)\}$/, '$1')
  const start = /^(?:\$?\.|object(?=[.[]))?\.?/.exec(bare)?.[0].length ?? 0
  const path = bare.slice(start)
  // Keys of labels and annotations contain dots themselves: what follows is one key.
  const map = MAP.exec(path)
  if (map?.[1] && map[2]) return ['metadata', map[1], map[2]]
  const steps: Step[] = []
  STEP.lastIndex = 0
  for (let at = 0; at < path.length && path.length <= LONGEST; at = STEP.lastIndex) {
    const found = STEP.exec(path)
    // Lists map by themselves, so only the first step may come without a dot.
    if (!found || (at > 0 && found[1] !== undefined && !found[0].startsWith('.'))) throw malformed(text, at)
    const [whole, key, index, single, double] = found
    if (whole === '[*]') steps.push(ALL)
    else if (index !== undefined) steps.push(Number(index))
    else steps.push(key ?? single ?? double ?? '')
  }
  if (steps.length === 0) throw malformed(text, 0)
  const [first] = steps
  return first === 'labels' || first === 'annotations' ? ['metadata', ...steps] : steps
}

/** What a path finds in an object. A key on a list means that key of each element. */
export function readPath(root: unknown, steps: readonly Step[], clean: Source['clean']): Value {
  let found: unknown[] = [root]
  let several = false
  for (const step of steps) {
    const next: unknown[] = []
    for (const value of found) {
      if (Array.isArray(value) && typeof step !== 'number') {
        several = true
        for (const element of value) next.push(step === ALL ? element : own(element, step))
      } else if (step === ALL) {
        several = true
        if (value !== null && typeof value === 'object') next.push(...Object.values(value))
      } else next.push(own(value, step))
    }
    found = next.filter((value) => value !== undefined && value !== null)
  }
  // A list at the end of a path is several values as well.
  return toValue(found.flat(), several || Array.isArray(found[0]), clean)
}

function own(value: unknown, key: string | number): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string | number, unknown>)[key]
}

function malformed(text: string, at: number): GatehouseError {
  const shown = text.slice(0, 80)
  return new GatehouseError('INVALID_INPUT', `"${shown}" is not a field path (position ${at + 1})`, {
    hint: "Write paths such as spec.nodeName, spec.containers[*].image, metadata.labels['app']",
  })
}
