import type { Schema, Schemas } from './openapi-schemas.ts'

type Json = Record<string, unknown>

// Far deeper than any kind is written out in place; what is below has no fields.
const DEEPEST = 100

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isFlag = (value: unknown): boolean => typeof value === 'boolean'

const SHAPES: [keyof Schema, (value: unknown) => boolean][] = [
  ['description', isText],
  ['type', isText],
  ['format', isText],
  ['$ref', isText],
  ['pattern', isText],
  ['allOf', Array.isArray],
  ['oneOf', Array.isArray],
  ['items', isObject],
  ['properties', isObject],
  ['additionalProperties', (value) => isObject(value) || isFlag(value)],
  ['required', Array.isArray],
  ['enum', Array.isArray],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['x-kubernetes-group-version-kind', Array.isArray],
  ['x-kubernetes-int-or-string', isFlag],
  ['x-kubernetes-preserve-unknown-fields', isFlag],
]

/**
 * What a server calls its schemas, as schemas: whatever has another type than it should is taken out, in place. The
 * author of a custom resource, or of an aggregated API, may write anything there.
 */
export function tidySchemas(value: Json): Schemas {
  for (const [name, schema] of Object.entries(value)) {
    if (isObject(schema)) tidy(schema, DEEPEST)
    else delete value[name]
  }
  return value as Schemas
}

function tidy(json: Json, depth: number): void {
  for (const [key, fits] of SHAPES) if (json[key] !== undefined && !fits(json[key])) delete json[key]
  const schema = json as Schema
  if (depth === 0) {
    for (const key of ['properties', 'items', 'additionalProperties', 'allOf', 'oneOf']) delete json[key]
    return
  }
  if (schema.required) schema.required = schema.required.filter(isText)
  const kinds = schema['x-kubernetes-group-version-kind']
  if (kinds) schema['x-kubernetes-group-version-kind'] = kinds.filter(isKind)
  if (schema.properties) tidySome(schema.properties, depth)
  for (const one of [schema.items, schema.additionalProperties]) if (isObject(one)) tidy(one, depth - 1)
  if (schema.allOf) schema.allOf = tidyList(schema.allOf, depth)
  if (schema.oneOf) schema.oneOf = tidyList(schema.oneOf, depth)
}

function tidySome(properties: Json, depth: number): void {
  for (const [name, property] of Object.entries(properties)) {
    if (isObject(property)) tidy(property, depth - 1)
    else delete properties[name]
  }
}

function tidyList(list: unknown[], depth: number): Schema[] {
  const objects = list.filter(isObject)
  for (const one of objects) tidy(one, depth - 1)
  return objects as Schema[]
}

function isKind(value: unknown): boolean {
  return isObject(value) && isText(value.group) && isText(value.version) && isText(value.kind)
}
