import type { Schema } from '@gatehouse/kubernetes'
import { nameOf } from './typings-names.ts'

/** A type as the generator writes it: a name, a list, or a map with text keys. */
export type TypingsType = { name: string } | { listOf: TypingsType } | { mapOf: TypingsType }

const LIST = /\s*Array</y
const MAP = /\s*\{\s*\[key: string\]: /y
const NAME = /\s*(\w+)/y
const LIST_END = />/y
const MAP_END = /;\s*\}/y

/** Reads the type at a position; `end` is where what follows it starts. */
export function parseType(text: string, start: number): { type: TypingsType; end: number } {
  const list = at(LIST, text, start)
  if (list) {
    const { type, end } = parseType(text, list.end)
    return { type: { listOf: type }, end: ended(LIST_END, text, end) }
  }
  const map = at(MAP, text, start)
  if (map) {
    const { type, end } = parseType(text, map.end)
    return { type: { mapOf: type }, end: ended(MAP_END, text, end) }
  }
  const name = at(NAME, text, start)
  if (!name?.word) throw notAType(text, start)
  return { type: { name: name.word }, end: name.end }
}

function at(
  pattern: RegExp,
  text: string,
  start: number,
): { word: string | undefined; end: number } | undefined {
  pattern.lastIndex = start
  const match = pattern.exec(text)
  return match ? { word: match[1], end: pattern.lastIndex } : undefined
}

/** Where the end of a type, or of the field it stands for, has been passed. */
export function ended(pattern: RegExp, text: string, start: number): number {
  const found = at(pattern, text, start)
  if (!found) throw notAType(text, start)
  return found.end
}

// Unions and literals do not occur; a later generator that writes them must not be read as something else.
function notAType(text: string, start: number): Error {
  return new Error(`Not a type of the Kubernetes client: ${text.slice(start, start + 40)}`)
}

/** The schema of a field. Beside a reference a description needs `allOf`, as in published documents. */
export function described(type: TypingsType, format: string, description: string): Schema {
  const schema = schemaOf(type, format)
  if (!description) return schema
  return schema.$ref ? { description, allOf: [schema] } : { description, ...schema }
}

function schemaOf(type: TypingsType, format: string): Schema {
  // The format that the generator notes for a list or a map is that of its members.
  if ('listOf' in type) return { type: 'array', items: schemaOf(type.listOf, format) }
  if ('mapOf' in type) return { type: 'object', additionalProperties: schemaOf(type.mapOf, format) }
  switch (type.name) {
    case 'any':
      return {}
    case 'string':
    case 'boolean':
      return { type: type.name, ...(format && { format }) }
    case 'number':
      return {
        type: format === 'double' || format === 'float' ? 'number' : 'integer',
        ...(format && { format }),
      }
    case 'Date':
    case 'V1MicroTime':
      return { type: 'string', format: 'date-time' }
    case 'IntOrString':
      return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
    default:
      return { $ref: `#/components/schemas/${nameOf(type.name)}` }
  }
}
