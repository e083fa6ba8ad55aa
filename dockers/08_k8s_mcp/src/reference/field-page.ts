import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import {
  cutText,
  FieldSchemas,
  factsOf,
  fieldPath,
  type Schema,
  type SchemaFacts,
} from '@gatehouse/kubernetes'
import { apiVersionOf, type KindName, kindsIn } from './kinds.ts'
import type { ReferenceSource } from './sources/source.ts'

export interface FieldRow extends SchemaFacts {
  name: string
  /** From the kind: `spec.replicas`. */
  path: string
  type: string
  required?: boolean
  description: string
  /** It has fields of its own. */
  more?: boolean
  /** Those of the level below, where they are shown too. */
  fields?: FieldRow[]
}

/** A kind, or one of its fields, with the fields below. */
export interface FieldPage extends SchemaFacts {
  kind: string
  apiVersion: string
  field: string
  type: string
  required?: boolean
  description: string
  fields: FieldRow[]
  /** How many fields there are, where they are too many for a page. */
  total?: number
}

const MOST_OF_ROW = 700
const MOST_OF_PAGE = 8_000
// A page is read on a phone: a level with more fields is a page of its own.
const MOST_BELOW = 60
// More than any kind of Kubernetes has, with those below.
const MOST_ROWS = 1_000
const MOST_TYPE = 120
const LONGEST_NAME = 253

/** @throws GatehouseError NOT_FOUND with the nearest group versions, kinds or fields */
export async function fieldPage(
  source: ReferenceSource,
  name: KindName,
  field: string,
  signal?: AbortSignal,
): Promise<FieldPage> {
  const all = await source.schemas(apiVersionOf(name), signal)
  const kinds = kindsIn(apiVersionOf(name), all)
  const root = kinds.find((one) => one.name.kind === name.kind)?.schema
  if (!root)
    throw unknownKind(
      name,
      kinds.map((one) => one.name.kind),
    )
  const schemas = new FieldSchemas(all)
  const path = fieldPath(field, name.kind)
  const { schema, required } = walked(schemas, root, path, name.kind)
  const resolved = schemas.resolved(schema)
  const total = Object.keys(schemas.fields(schema).properties).length
  const fields = rowsOf(schemas, schema, path, path.length === 0 && total <= MOST_BELOW)
  return {
    kind: name.kind,
    apiVersion: apiVersionOf(name),
    field: path.join('.'),
    type: path.length === 0 ? name.kind : cutText(schemas.typeOf(schema), MOST_TYPE),
    ...(required && { required }),
    ...factsOf(resolved),
    description: cutText(String(resolved.description ?? ''), MOST_OF_PAGE),
    fields,
    ...(total > fields.length && { total }),
  }
}

function rowsOf(schemas: FieldSchemas, schema: Schema, path: readonly string[], below: boolean): FieldRow[] {
  const { properties, required } = schemas.fields(schema)
  const shown = Object.entries(properties).filter(([name]) => name.length <= LONGEST_NAME)
  const rows = shown.slice(0, MOST_ROWS).map(([name, property]): FieldRow => {
    const own = [...path, name]
    const resolved = schemas.resolved(property)
    const fields = Object.keys(schemas.fields(property).properties).length
    // Every kind's metadata is the same.
    const open = below && fields > 0 && fields <= MOST_BELOW && name !== 'metadata'
    return {
      name,
      path: own.join('.'),
      type: cutText(schemas.typeOf(property), MOST_TYPE),
      ...(required.includes(name) && { required: true }),
      ...factsOf(resolved),
      description: cutText(String(resolved.description ?? ''), MOST_OF_ROW),
      ...(fields > 0 && { more: true }),
      ...(open && { fields: rowsOf(schemas, property, own, false) }),
    }
  })
  return rows.sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false))
}

function walked(schemas: FieldSchemas, root: Schema, path: string[], kind: string) {
  try {
    return schemas.walk(root, path, kind)
  } catch (error) {
    // The same words as the tool's, but here it is an address that is not there.
    if (!(error instanceof GatehouseError)) throw error
    throw new GatehouseError('NOT_FOUND', error.message, { hint: error.hint, data: error.data })
  }
}

function unknownKind(name: KindName, kinds: readonly string[]): GatehouseError {
  const near = nearest(name.kind, kinds)
  return new GatehouseError(
    'NOT_FOUND',
    `There is no such kind in ${apiVersionOf(name)}${didYouMean(near)}`,
    {
      hint: `Its kinds: ${kinds.slice(0, 60).join(', ')}`,
      data: { nearest: near },
    },
  )
}
