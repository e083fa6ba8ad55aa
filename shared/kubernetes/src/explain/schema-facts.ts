import { cutText } from '../cut-text.ts'
import type { Schema } from './openapi-schemas.ts'

// Kubernetes' own have up to 40 values and 200 characters.
const MOST_VALUES = 200
const MOST_TEXT = 1_000

/** What a schema says of its values besides the type. */
export interface SchemaFacts {
  /** Values the API server accepts, where it publishes them. */
  enum?: string[]
  default?: string
  /** Bounds and patterns, as the schema has them. */
  limits?: string
}

/** Of a resolved schema. */
export function factsOf(schema: Schema): SchemaFacts {
  const limits = limitsOf(schema)
  return {
    ...(schema.enum && { enum: schema.enum.slice(0, MOST_VALUES).map(valueText) }),
    ...(hasDefault(schema) && { default: cutText(JSON.stringify(schema.default), MOST_TEXT) }),
    ...(limits && { limits }),
  }
}

/** Names of a field's path; `.spec.containers[].env[*].name` and `Pod.spec` are ways to write the same. */
export function fieldPath(field: string, kind: string): string[] {
  const names = field
    .replaceAll(/\[[^\]]*\]/g, '')
    .split('.')
    .map((name) => name.trim())
    .filter(Boolean)
  return names[0]?.toLowerCase() === kind.toLowerCase() ? names.slice(1) : names
}

function valueText(value: unknown): string {
  return cutText(typeof value === 'object' ? JSON.stringify(value) : String(value), MOST_TEXT)
}

function limitsOf({ minimum, maximum, pattern, format }: Schema): string {
  return [
    format && format !== 'int-or-string' && `format ${cutText(format, MOST_TEXT)}`,
    minimum !== undefined && `at least ${minimum}`,
    maximum !== undefined && `at most ${maximum}`,
    pattern && `pattern ${cutText(pattern, MOST_TEXT)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

// Generated documents say `default: {}` for every structure.
function hasDefault(schema: Schema): boolean {
  return schema.default !== undefined && JSON.stringify(schema.default) !== '{}' && schema.default !== ''
}
