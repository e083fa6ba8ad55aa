import type { Schema, Schemas } from '../../shared/kubernetes/src/explain/openapi-schemas.ts'

// Copied unchanged; what holds further schemas is trimmed below. `default` and `enum` are values and not schemas.
const AS_IT_IS = [
  'description',
  'type',
  'format',
  '$ref',
  'required',
  'enum',
  'default',
  'minimum',
  'maximum',
  'pattern',
  'x-kubernetes-group-version-kind',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
] as const satisfies (keyof Schema)[]

/** What the reference shows of a document: its schemas, without paths, and without what only machines use. */
export function trimDocument(text: string): Schemas {
  const document = JSON.parse(text) as { components?: { schemas?: Schemas } }
  return mapValues(document.components?.schemas ?? {}, trim)
}

function trim(schema: Schema): Schema {
  const { allOf, oneOf, items, properties, additionalProperties } = schema
  return {
    ...Object.fromEntries(
      AS_IT_IS.filter((key) => Object.hasOwn(schema, key)).map((key) => [key, schema[key]]),
    ),
    ...(allOf && { allOf: allOf.map(trim) }),
    ...(oneOf && { oneOf: oneOf.map(trim) }),
    ...(items && { items: trim(items) }),
    ...(properties && { properties: mapValues(properties, trim) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? trim(additionalProperties) : additionalProperties,
    }),
  }
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
