import type { Schema, Schemas } from '../../shared/kubernetes/src/explain/openapi-schemas.ts'

/** Values that one field accepts, as a running API server publishes them. */
interface FieldEnum {
  field: string
  /** The field is a list or a map, and these are the values of its members. */
  ofMembers: boolean
  values: string[]
  /** With what each value means. */
  description: string
}

// A function for each type; in it, at known depths, the fields and what is said of them. gofmt keeps the depths.
const FUNCTION = /^func (schema_\w+)\(/
const FIELD = /^\t{5}"([^"]+)": \{/
const DESCRIPTION = /^(\t+)Description: +(".*"),$/
const ENUM = /^(\t+)Enum: +\[\]interface\{\}\{(.*)\},$/
const DEPTH_OF_FIELD = 7

/**
 * Kubernetes keeps enums out of its committed documents, and API servers put them in from this generated Go file.
 * Given by the name of the function that describes a type.
 */
export function enumsIn(goText: string): Map<string, FieldEnum[]> {
  const found = new Map<string, FieldEnum[]>()
  let name = ''
  let field = ''
  let description = ''
  for (const line of goText.split('\n')) {
    const [, newName] = FUNCTION.exec(line) ?? []
    const [, newField] = FIELD.exec(line) ?? []
    const [, depth, quoted = '""'] = DESCRIPTION.exec(line) ?? []
    const [, enumDepth, values] = ENUM.exec(line) ?? []
    if (newName) name = newName
    else if (newField) [field, description] = [newField, '']
    else if (depth?.length === DEPTH_OF_FIELD) description = goString(quoted)
    else if (enumDepth && values !== undefined) {
      const ofMembers = enumDepth.length > DEPTH_OF_FIELD
      const list = JSON.parse(`[${values}]`) as string[]
      found.set(name, [...(found.get(name) ?? []), { field, ofMembers, values: list, description }])
    }
  }
  return found
}

// Go's escapes are JSON's but for rare ones; without the text the enum is still right.
function goString(literal: string): string {
  try {
    return JSON.parse(literal) as string
  } catch {
    return ''
  }
}

/** The same schemas with the enums of their fields. */
export function withEnums(schemas: Schemas, enums: Map<string, FieldEnum[]>): Schemas {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      withFields(schema, enums.get(functionOf(name)) ?? []),
    ]),
  )
}

function withFields(schema: Schema, enums: FieldEnum[]): Schema {
  const properties = { ...schema.properties }
  for (const { field, ofMembers, values, description } of enums) {
    const property = properties[field]
    if (!property) continue
    const text = description || property.description
    properties[field] = {
      ...property,
      ...(text && { description: text }),
      ...(ofMembers ? membersWith(property, values) : { enum: values }),
    }
  }
  return enums.length > 0 ? { ...schema, properties } : schema
}

function membersWith({ items, additionalProperties }: Schema, values: string[]): Schema {
  if (items) return { items: { ...items, enum: values } }
  if (typeof additionalProperties !== 'object') return {}
  return { additionalProperties: { ...additionalProperties, enum: values } }
}

/** `io.k8s.api.core.v1.Container` is described by `schema_k8sio_api_core_v1_Container`: four parts of the package. */
function functionOf(name: string): string {
  const [kind = '', ...path] = name
    .replace(/^io\.k8s\./, 'k8sio.')
    .split('.')
    .reverse()
  return ['schema', ...path.slice(0, 4).reverse(), kind].join('_').replaceAll('-', '')
}
