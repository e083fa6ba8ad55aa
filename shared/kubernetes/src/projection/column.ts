import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { derived } from './derived.ts'
import { isPath, parsePath, readPath } from './field-path.ts'
import type { Source, Value } from './value.ts'

export type Read = (source: Source) => Value

/**
 * How a column is read: printed by the API server, a path into the object, or derived from it. Throws INVALID_INPUT
 * with the nearest and all names for anything else.
 */
export function columnReader(name: string, printed: ReadonlySet<string>, parameter: string): Read {
  if (printed.has(name)) return name === 'images' ? printedImages : (source) => source.printed[name] ?? null
  const derive = Object.hasOwn(derived, name) ? derived[name] : undefined
  if (derive) return ({ object, clean }) => (object ? derive(object, clean) : null)
  if (isPath(name)) {
    const steps = parsePath(name)
    return ({ object, clean }) => readPath(object, steps, clean)
  }
  throw unknownColumn(name, printed, parameter)
}

/** Every name a row of this kind answers to without a path. */
export function knownColumns(printed: ReadonlySet<string>): Set<string> {
  return new Set([...printed, ...Object.keys(derived)])
}

function unknownColumn(name: string, printed: ReadonlySet<string>, parameter: string): GatehouseError {
  const known = [...knownColumns(printed)].sort()
  const near = nearest(name, known)
  return new GatehouseError(
    'INVALID_INPUT',
    `${parameter}: there is no column "${name.slice(0, 60)}"${didYouMean(near)}`,
    {
      hint: `Columns: ${known.join(', ')}; or a field path such as spec.nodeName, metadata.labels['app']`,
      data: { nearest: near },
    },
  )
}

// Workloads print their images as one text.
const printedImages: Read = ({ printed }) =>
  String(printed.images ?? '')
    .split(',')
    .filter(Boolean)
