import { nearest } from '@gatehouse/errors'
import type { FieldSchemas } from './field-schema.ts'
import type { Schema } from './openapi-schemas.ts'

const MOST = 20

export interface UnknownField {
  field: string
  nearest: string[]
}

/** Every field of an object that its schema does not have; the API server names only the first. */
export function unknownFields(schemas: FieldSchemas, root: Schema, object: unknown): UnknownField[] {
  const found: UnknownField[] = []
  const walk = (value: unknown, schema: Schema, path: string): void => {
    const resolved = schemas.resolved(schema)
    if (Array.isArray(value)) {
      const { items } = resolved
      if (items) for (const [index, entry] of value.entries()) walk(entry, items, `${path}[${index}]`)
      return
    }
    if (value === null || typeof value !== 'object' || found.length >= MOST) return
    const { properties, additionalProperties } = resolved
    for (const [name, member] of Object.entries(value)) {
      const below = path === '' ? name : `${path}.${name}`
      const known = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
      if (known) walk(member, known, below)
      else if (typeof additionalProperties === 'object') walk(member, additionalProperties, below)
      else if (properties && !resolved['x-kubernetes-preserve-unknown-fields']) {
        found.push({ field: below, nearest: nearest(name, Object.keys(properties)) })
      }
    }
  }
  walk(object, root, '')
  return found.slice(0, MOST)
}
