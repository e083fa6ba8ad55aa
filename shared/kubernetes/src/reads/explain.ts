import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, Target } from '../client/cluster.ts'
import { cutText } from '../cut-text.ts'
import { FieldSchemas } from '../explain/field-schema.ts'
import { type Schema, schemasOf } from '../explain/openapi-schemas.ts'
import { factsOf, fieldPath } from '../explain/schema-facts.ts'

export interface ExplainQuery {
  kind: string
  apiVersion?: string | undefined
  /** `spec.template.spec.containers.resources`; omitted: the kind itself. */
  field?: string | undefined
  signal?: AbortSignal | undefined
}

interface ExplainedField {
  name: string
  type: string
  required?: boolean
  description: string
}

export interface Explanation {
  target: Target
  kind: string
  apiVersion: string
  field: string
  type: string
  required?: boolean
  description: string
  /** Values the API server accepts, where it publishes them. */
  enum?: string[]
  default?: string
  /** Bounds and patterns, as the schema has them. */
  limits?: string
  fields: ExplainedField[]
}

const MOST_DESCRIPTION = 1_500

/** What a kind or a field of it means, from this cluster's own OpenAPI document, with the fields one level below. */
export async function explain(cluster: Cluster, query: ExplainQuery): Promise<Explanation> {
  const resource = await cluster.discovery.resolve(query.kind, query.apiVersion, query.signal)
  const schemas = new FieldSchemas(await schemasOf(cluster, resource, query.signal))
  const { group, version, kind, apiVersion } = resource
  const root = schemas.kind(group, version, kind)
  if (!root) {
    throw new GatehouseError('NOT_FOUND', `This cluster publishes no documentation of ${apiVersion} ${kind}`)
  }
  const path = fieldPath(query.field ?? '', kind)
  const { schema, required } = schemas.walk(root, path, kind)
  const resolved = schemas.resolved(schema)
  return {
    target: cluster.target(''),
    kind,
    apiVersion,
    field: path.join('.'),
    type: path.length === 0 ? kind : schemas.typeOf(schema),
    ...(required && { required }),
    description: oneText(resolved.description ?? 'no description', MOST_DESCRIPTION),
    ...factsOf(resolved),
    fields: fieldsOf(schemas, schema),
  }
}

// Required fields first: they are what a writer needs.
function fieldsOf(schemas: FieldSchemas, schema: Schema): ExplainedField[] {
  const { properties, required } = schemas.fields(schema)
  const fields = Object.entries(properties).map(([name, property]): ExplainedField => {
    const isRequired = required.includes(name)
    return {
      name,
      type: schemas.typeOf(property),
      ...(isRequired && { required: true }),
      description: firstSentence(schemas.resolved(property).description ?? ''),
    }
  })
  return fields.sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false))
}

function firstSentence(text: string): string {
  const line = oneText(text, 1_000)
  const end = /\.(?=\s+[A-Z"`])/.exec(line)
  return oneText(end ? line.slice(0, end.index) : line.replace(/\.$/, ''), 160)
}

function oneText(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return cutText(line, most)
}
