import { z } from 'zod'

type Json = Record<string, unknown>

/**
 * The input schema as it goes over the wire: JSON Schema without what a model does not need ($schema, titles,
 * additionalProperties, bounds nobody would hit). Schemas are paid for in every conversation.
 */
export function wireSchema(input: z.ZodObject): Json {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Json
  const { $schema: _dialect, ...rest } = strip(schema) as Json
  return rest
}

/** The whole schema, for OpenAPI and the contract. */
export function fullSchema(schema: z.ZodObject, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

const DROPPED = new Set([
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
