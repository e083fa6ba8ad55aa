import type { Sanitizer } from '@gatehouse/sanitizer'
import { cutText } from '../cut-text.ts'
import type { Schema } from './openapi-schemas.ts'

// Kubernetes' own have up to 40 values and 200 characters.
const MOST_VALUES = 50
const MOST_TEXT = 200
const MOST_DEFAULT = 500

/** What a schema says of its values besides the type. */
export interface SchemaFacts {
  /** Values the API server accepts, where it publishes them. */
  enum?: string[]
  default?: string
  /** Bounds and patterns, as the schema has them. */
  limits?: string
}

/** Takes out of a value what the field's name makes secret. */
export type Mask = (value: unknown) => unknown

/** The mask of a field: a default `password` may be a real one. */
export function maskOf(sanitizer: Sanitizer, name: string): Mask {
  return (value) => Object.values(sanitizer.value({ [name]: value }))[0]
}

/** Of a resolved schema. */
export function factsOf(schema: Schema, mask: Mask): SchemaFacts {
  const limits = limitsOf(schema, mask)
  const usual = defaultOf(schema)
  return {
    ...(schema.enum && { enum: schema.enum.slice(0, MOST_VALUES).map((value) => valueText(mask(value))) }),
    ...(usual !== undefined && { default: cutText(JSON.stringify(mask(usual)), MOST_DEFAULT) }),
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

function limitsOf({ minimum, maximum, pattern, format }: Schema, mask: Mask): string {
  return [
    format && format !== 'int-or-string' && `format ${cutText(format, MOST_TEXT)}`,
    minimum !== undefined && `at least ${minimum}`,
    maximum !== undefined && `at most ${maximum}`,
    pattern && `pattern ${cutText(String(mask(pattern)), MOST_TEXT)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

// Generated documents say `default: {}` for every structure.
function defaultOf({ default: usual }: Schema): unknown {
  const isEmpty = typeof usual === 'object' && usual !== null && Object.keys(usual).length === 0
  return usual === '' || isEmpty ? undefined : usual
}
