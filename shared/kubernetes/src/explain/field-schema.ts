import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Schema, Schemas } from './openapi-schemas.ts'

// Lists of lists and references to references; no kind has more than three.
const DEEPEST = 10
const MOST_DOTS = 6
const MOST_COMPARED = 2_000

/** Finds the schema of a kind and walks down to a field. Lists and maps are passed through, as in `kubectl explain`. */
export class FieldSchemas {
  readonly #schemas: Schemas

  constructor(schemas: Schemas) {
    this.#schemas = schemas
  }

  kind(group: string, version: string, kind: string): Schema | undefined {
    return Object.values(this.#schemas).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (one) => one.group === group && one.version === version && one.kind === kind,
      ),
    )
  }

  /** The schema behind references; what is said beside a reference wins over what it refers to. */
  resolved(schema: Schema, depth = 0): Schema {
    const { $ref, allOf, ...own } = schema
    const only = allOf?.length === 1 ? allOf[0] : undefined
    if (depth > DEEPEST) return own
    if ($ref) return { ...this.resolved(this.#named($ref), depth + 1), ...own }
    return only ? { ...this.resolved(only, depth + 1), ...own } : schema
  }

  /** The schema one level into lists and maps: where the named fields are. */
  fields(schema: Schema, depth = 0): { properties: Record<string, Schema>; required: string[] } {
    const { properties, required = [], items, additionalProperties } = this.resolved(schema)
    if (properties) return { properties, required }
    const entry = items ?? additionalProperties
    // A list may refer to itself as its entry.
    if (typeof entry === 'object' && depth < DEEPEST) return this.fields(entry, depth + 1)
    return { properties: {}, required: [] }
  }

  /** Walks a path such as `spec.containers[].env` and tells whether its last field is required. */
  walk(root: Schema, path: string[], kind: string): { schema: Schema; required: boolean } {
    let schema = root
    let required = false
    const walked: string[] = []
    for (let index = 0; index < path.length; ) {
      const { properties, required: needed } = this.fields(schema)
      const name = fieldAt(path, index, properties)
      const next = name === undefined ? undefined : properties[name]
      if (name === undefined || !next) {
        throw unknownField(kind, walked, path[index] ?? '', Object.keys(properties))
      }
      walked.push(name)
      index += name.split('.').length
      required = needed.includes(name)
      schema = next
    }
    return { schema, required }
  }

  /** `string`, `[]Container`, `map[string]string`, `int-or-string`. */
  typeOf(schema: Schema, depth = 0): string {
    const name = this.#nameOf(schema)
    const { type, format, items, additionalProperties, oneOf, properties, ...rest } = this.resolved(schema)
    if (rest['x-kubernetes-int-or-string'] || format === 'int-or-string') return 'int-or-string'
    const entry = items ?? additionalProperties
    if (typeof entry === 'object') {
      const of = depth < DEEPEST ? this.typeOf(entry, depth + 1) : 'any'
      return items ? `[]${of}` : `map[string]${of}`
    }
    if (properties) return name ?? 'object'
    // Quantity and the like: a string or a number with a meaning, known by its name.
    if (oneOf) return name ?? oneOf.map((one) => one.type).join(' or ')
    return format === 'date-time' ? 'string (date-time)' : (type ?? name ?? 'any')
  }

  #named(reference: string): Schema {
    const name = reference.split('/').at(-1) ?? ''
    return Object.hasOwn(this.#schemas, name) ? (this.#schemas[name] ?? {}) : {}
  }

  #nameOf({ $ref, allOf }: Schema): string | undefined {
    const reference = $ref ?? allOf?.[0]?.$ref
    return reference?.split('.').at(-1)
  }
}

// The names of some custom resources' fields have dots.
function fieldAt(path: string[], index: number, properties: Record<string, Schema>): string | undefined {
  for (let end = index + 1; end <= Math.min(path.length, index + MOST_DOTS); end++) {
    const name = path.slice(index, end).join('.')
    if (Object.hasOwn(properties, name)) return name
  }
  return undefined
}

function unknownField(kind: string, walked: string[], name: string, known: string[]): GatehouseError {
  const near = nearest(name, known.slice(0, MOST_COMPARED))
  const where = walked.length > 0 ? `${kind}.${walked.join('.')}` : kind
  const none = known.length === 0 ? '; it has no named fields' : ''
  return new GatehouseError(
    'INVALID_INPUT',
    `field: ${where} has no field "${name}"${didYouMean(near)}${none}`,
    {
      hint: known.length > 0 ? `Its fields: ${known.slice(0, 60).join(', ')}` : 'Ask for the field above it',
      data: { nearest: near },
    },
  )
}
