import { isUtf8 } from 'node:buffer'
import { KnownValues } from '../known-values.ts'
import { isPlainValue } from '../patterns/plain-value.ts'
import type { Span } from '../span.ts'
import { type Fields, isObject, type MaskTools } from './mask-tools.ts'

const SHORTEST = 4
// Longer values are recognised by their beginning.
const LONGEST = 512
// What says which object this is: a value that repeats it tells nothing.
const IDENTITY = new Set(['apiVersion', 'kind', 'type', 'immutable', 'data', 'stringData'])
const METADATA_IDENTITY = new Set(['name', 'namespace', 'generateName', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'ownerReferences', 'finalizers', 'deletionTimestamp']) // biome-ignore format: a word list
// Where a database is and who its user is stands in labels too, and nobody would find the object without.
const PLACE =
  /(?:^|[_.-])(?:user(?:name)?|host(?:name)?|port|database|db_?name|namespace|engine|region|type)$/i
const COPY = /\bkind["']?\s*:\s*["']?Secret\b|["'](?:stringData|data)["']\s*:\s*\{/

/**
 * Tools and people keep copies of a Secret beside its data, in annotations and labels. A string that holds
 * one of its values, plain or encoded, is masked whole; what repeats the object is removed.
 * @param masked the Secret, its other fields masked by name already
 */
export function maskCopies(masked: Record<string, unknown>, secret: Fields, tools: MaskTools): void {
  let holds: ((text: string) => boolean) | undefined
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (COPY.test(value)) return '[removed: repeats the object]'
      holds ??= finder(secret)
      return holds(value) ? tools.mask('secret', value) : value
    }
    if (Array.isArray(value)) return value.map(clean)
    return isObject(value) ? cleanFields(value, new Set()) : value
  }
  const cleanFields = (fields: Fields, identity: ReadonlySet<string>) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) =>
        identity.has(key) ? [key, value] : [String(clean(key)), clean(value)],
      ),
    )
  for (const [key, value] of Object.entries(masked)) {
    if (key === 'metadata' && isObject(value)) masked[key] = cleanFields(value, METADATA_IDENTITY)
    else if (!IDENTITY.has(key)) masked[key] = clean(value)
  }
}

function finder({ data, stringData, metadata }: Fields): (text: string) => boolean {
  const known = new KnownValues()
  const short = new Set<string>()
  const own = isObject(metadata) ? [metadata.name, metadata.namespace] : []
  const add = (value: string) => {
    if (value.length < SHORTEST || own.includes(value) || isPlainValue(value, true)) return
    known.add(value.slice(0, LONGEST))
    // Too short to be looked for inside of words.
    short.add(value.trim()).add(Buffer.from(value).toString('base64'))
  }
  for (const text of valuesOf(data)) {
    const bytes = Buffer.from(text, 'base64')
    if (isUtf8(bytes)) add(bytes.toString())
    else if (bytes.length >= SHORTEST) known.add(text.slice(0, LONGEST))
  }
  for (const text of valuesOf(stringData)) add(text)
  return (text) => {
    const spans: Span[] = []
    known.find(text, spans)
    if (spans.length > 0 || short.has(text.trim())) return true
    const words = [...text.split(/[^A-Za-z0-9]+/), ...text.split(/[^A-Za-z0-9+/=]+/)]
    return words.some((word) => short.has(word))
  }
}

function valuesOf(values: unknown): string[] {
  if (!isObject(values)) return []
  return Object.entries(values).flatMap(([key, value]) =>
    typeof value === 'string' && !PLACE.test(key) ? [value] : [],
  )
}
