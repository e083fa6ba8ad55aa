import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import {
  cutText,
  FieldSchemas,
  factsOf,
  fieldPath,
  maskOf,
  type Schema,
  type SchemaFacts,
} from '@gatehouse/kubernetes'
import type { Sanitizer } from '@gatehouse/sanitizer'
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
// The largest page of Kubernetes has some 30,000.
const MOST_CHARACTERS = 200_000
const MOST_TYPE = 120
const LONGEST_NAME = 253

/**
 * Values that a field's name makes secret are masked; the texts are as the source has them.
 * @throws GatehouseError NOT_FOUND with the nearest group versions, kinds or fields
 */
export async function fieldPage(
  source: ReferenceSource,
  name: KindName,
  field: string,
  sanitizer: Sanitizer,
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
  const rows = new Rows(schemas, sanitizer)
  const fields = rows.below(schema, path, path.length === 0 && total <= MOST_BELOW)
  return {
    kind: name.kind,
    apiVersion: apiVersionOf(name),
    field: path.join('.'),
    type: path.length === 0 ? name.kind : cutText(schemas.typeOf(schema), MOST_TYPE),
    ...(required && { required }),
    ...factsOf(resolved, maskOf(sanitizer, path.at(-1) ?? '')),
    description: cutText(String(resolved.description ?? ''), MOST_OF_PAGE),
    fields,
    ...(total > fields.length && { total }),
  }
}

/** The rows of one page: together they have a bound, because a thousand fields may all refer to one large structure. */
class Rows {
  readonly #schemas: FieldSchemas
  readonly #sanitizer: Sanitizer
  #room = MOST_CHARACTERS

  constructor(schemas: FieldSchemas, sanitizer: Sanitizer) {
    this.#schemas = schemas
    this.#sanitizer = sanitizer
  }

  below(schema: Schema, path: readonly string[], open: boolean): FieldRow[] {
    const { properties, required } = this.#schemas.fields(schema)
    const rows: FieldRow[] = []
    for (const [name, property] of Object.entries(properties)) {
      if (this.#room <= 0 || rows.length >= MOST_ROWS) break
      if (name.length > LONGEST_NAME) continue
      const row = this.#row(name, property, [...path, name], open)
      rows.push(required.includes(name) ? { ...row, required: true } : row)
    }
    return rows.sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false))
  }

  #row(name: string, property: Schema, path: readonly string[], open: boolean): FieldRow {
    const schemas = this.#schemas
    const resolved = schemas.resolved(property)
    const fields = Object.keys(schemas.fields(property).properties).length
    const row: FieldRow = {
      name,
      path: path.join('.'),
      type: cutText(schemas.typeOf(property), MOST_TYPE),
      ...factsOf(resolved, maskOf(this.#sanitizer, name)),
      description: cutText(String(resolved.description ?? ''), MOST_OF_ROW),
      ...(fields > 0 && { more: true }),
    }
    this.#room -= JSON.stringify(row).length
    // Every kind's metadata is the same.
    const isOpen = open && fields > 0 && fields <= MOST_BELOW && name !== 'metadata'
    return isOpen ? { ...row, fields: this.below(property, path, false) } : row
  }
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
