import { z } from 'zod'

type Json = Record<string, unknown>

/**
 * The input schema as it goes over the wire: JSON Schema without what a model does not need ($schema, titles,
 * additionalProperties, bounds nobody would hit). Schemas are paid for in every conversation; what is left out is
 * accepted all the same.
 */
export function wireSchema(input: z.ZodObject, leftOut: readonly string[] = []): Json {
  const shown = leftOut.length > 0 ? input.omit(maskOf(input, leftOut)) : input
  const schema = z.toJSONSchema(shown, { io: 'input', unrepresentable: 'any' }) as Json
  const { $schema: _dialect, ...rest } = strip(schema) as Json
  return rest
}

/** The whole schema, for OpenAPI and the contract. */
export function fullSchema(schema: z.ZodObject, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

function maskOf(input: z.ZodObject, names: readonly string[]): Record<string, true> {
  return Object.fromEntries(names.filter((name) => name in input.shape).map((name) => [name, true]))
}

const DROPPED = new Set([
  'propertyNames',
  'pattern',
  'additionalProperties',
  'title',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maximum',
  'minimum',
])

function strip(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => strip(entry))
  if (value === null || typeof value !== 'object') return value
  const result: Json = {}
  for (const [key, entry] of Object.entries(value)) {
    if (isProperties) result[key] = strip(entry)
    else if (!DROPPED.has(key) && !(key === 'additionalProperties'))
      result[key] = strip(entry, key === 'properties')
  }
  return result
}
