import { setImmediate } from 'node:timers/promises'
import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { cutText, FieldSchemas, type Schema } from '@gatehouse/kubernetes'
import { apiVersionOf, type KindName, kindsIn, splitGroupVersion } from './kinds.ts'
import type { ReferenceSource } from './sources/source.ts'

/** One field of the whole reference, at the place where it is reached first. */
export interface SurveyedField {
  kind: KindName
  /** Empty for the kind itself. */
  path: string
  type: string
  description: string
}

export interface Survey {
  kinds: KindName[]
  fields: SurveyedField[]
  /** Group versions that could not be read, and why. */
  unread: { groupVersion: string; reason: unknown }[]
}

// Far more than Kubernetes has (5,000); a cluster may publish anything.
const MOST_FIELDS = 60_000
const DEEPEST = 14
const MOST_DESCRIPTION = 240
const MOST_TYPE = 120
// One level of one structure, and what the address of a field may be.
const MOST_PROPERTIES = 2_000
const LONGEST_PATH = 500
// A cluster that does not answer three times in turn is not asked sixty times more.
const MOST_TIMEOUTS = 3

/**
 * Every kind and every field once: a structure that many kinds share (a pod's) stands where the core group has it.
 * Throws what is wrong with the first document where none can be read.
 */
export async function survey(source: ReferenceSource, signal?: AbortSignal): Promise<Survey> {
  const found: Survey = { kinds: [], fields: [], unread: [] }
  const seen = new Set<string>()
  let timeouts = 0
  for (const groupVersion of (await source.groupVersions(signal)).sort(byImportance)) {
    signal?.throwIfAborted()
    try {
      if (timeouts >= MOST_TIMEOUTS) throw new GatehouseError('TIMEOUT', 'the cluster answers too slowly')
      const schemas = await source.schemas(groupVersion, signal)
      const kinds = kindsIn(groupVersion, schemas)
      found.kinds.push(...kinds.map((one) => one.name))
      found.fields.push(...kinds.map(({ name, schema }) => fieldOf(name, '', name.kind, schema)))
      await addFields(new FieldSchemas(schemas), kinds, seen, found.fields)
      timeouts = 0
    } catch (reason) {
      signal?.throwIfAborted()
      if (asGatehouseError(reason).code === 'TIMEOUT') timeouts++
      found.unread.push({ groupVersion, reason })
    }
  }
  if (found.kinds.length === 0 && found.unread[0]) throw found.unread[0].reason
  return found
}

interface Visit {
  kind: KindName
  path: readonly string[]
  schema: Schema
}

// Level by level, so that the shortest way to a structure is the one that is shown.
async function addFields(
  schemas: FieldSchemas,
  kinds: readonly { name: KindName; schema: Schema }[],
  seen: Set<string>,
  fields: SurveyedField[],
): Promise<void> {
  const first = kinds.toSorted((a, b) => Number(b.name.kind === 'Pod') - Number(a.name.kind === 'Pod'))
  let level: Visit[] = first.map(({ name, schema }) => ({ kind: name, path: [], schema }))
  for (let depth = 0; level.length > 0 && depth < DEEPEST; depth++) {
    const next: Visit[] = []
    for (const visit of level) {
      if (fields.length >= MOST_FIELDS) return
      next.push(...visitFields(schemas, visit, seen, fields))
    }
    level = next
    // Other callers get their turn.
    await setImmediate()
  }
}

function visitFields(
  schemas: FieldSchemas,
  { kind, path, schema }: Visit,
  seen: Set<string>,
  fields: SurveyedField[],
): Visit[] {
  const { properties } = schemas.fields(schema)
  return Object.entries(properties)
    .slice(0, MOST_PROPERTIES)
    .flatMap(([name, property]) => {
      if (path.length === 0 && (name === 'apiVersion' || name === 'kind')) return []
      const own = [...path, name]
      if (own.join('.').length > LONGEST_PATH) return []
      const resolved = schemas.resolved(property)
      fields.push(fieldOf(kind, own.join('.'), schemas.typeOf(property), resolved))
      const structure = referenced(property)
      if (structure !== undefined) {
        if (seen.has(structure)) return []
        seen.add(structure)
      }
      return [{ kind, path: own, schema: property }]
    })
}

function fieldOf(kind: KindName, path: string, type: string, { description = '' }: Schema): SurveyedField {
  return {
    kind,
    path,
    type: cutText(type, MOST_TYPE),
    description: cutText(String(description), MOST_DESCRIPTION),
  }
}

// The name of the structure behind a field, through lists and maps; written out in place, it has none.
function referenced({ $ref, allOf, items, additionalProperties }: Schema): string | undefined {
  const reference = $ref ?? allOf?.[0]?.$ref
  if (reference) return reference
  if (items) return referenced(items)
  return typeof additionalProperties === 'object' ? referenced(additionalProperties) : undefined
}

const GROUPS = [
  '',
  'apps',
  'batch',
  'networking.k8s.io',
  'autoscaling',
  'policy',
  'rbac.authorization.k8s.io',
]

function byImportance(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

// Well-known groups first, and in each what is stable before what may change.
function rank(groupVersion: string): number {
  const { group, version } = splitGroupVersion(groupVersion)
  const known = GROUPS.indexOf(group)
  const stability = /^v\d+$/.test(version) ? 0 : version.includes('beta') ? 1 : 2
  return (
    stability * 1_000 +
    (known < 0 ? 100 : known) * 10 -
    Math.min(9, Number(/^v(\d+)/.exec(version)?.[1] ?? 0))
  )
}

/** `Deployment.spec.replicas`; the kind alone with its version. */
export function titleOf({ kind, path }: Pick<SurveyedField, 'kind' | 'path'>): string {
  return path ? `${kind.kind}.${path}` : `${kind.kind} (${apiVersionOf(kind)})`
}
