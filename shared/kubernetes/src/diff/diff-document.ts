import { didYouMean, GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { checkNamespace, pathOf } from '../client/paths.ts'
import type { Resource } from '../discovery/discovery.ts'
import { FieldSchemas } from '../explain/field-schema.ts'
import { schemasOf } from '../explain/openapi-schemas.ts'
import { type UnknownField, unknownFields } from '../explain/unknown-fields.ts'
import { blinded } from './blind.ts'
import { asStored, comparable, spokenAbout, summaryOf } from './comparable.ts'
import { type DryRun, dryRunApply, type FieldConflict } from './dry-run.ts'
import { type FieldChange, fieldDiff } from './field-diff.ts'
import { countValues } from './leaves.ts'
import { type ManifestDocument, MOST_VALUES } from './manifest.ts'
import { refusalText } from './refusal-text.ts'
import { SecretValues, type Sides } from './secret-values.ts'

export interface DocumentDiff {
  document: number
  /** `apps/v1 Deployment shop/web` */
  object: string
  action: 'create' | 'change' | 'unchanged' | 'refused'
  /**
   * Field by field; of a created object what the manifest says. Where another manager owns fields, what the manifest
   * says against what there is.
   */
  changes: FieldChange[]
  refused?: string
  conflicts?: FieldConflict[]
  unknownFields?: string[]
  warnings?: string[]
}

/**
 * What applying one document would do, as the API server says in a dry run. Of secret values it says that they were
 * given, never whether they are those in the cluster.
 */
export async function diffDocument(
  cluster: Cluster,
  document: ManifestDocument,
  defaultNamespace: string,
  signal: AbortSignal | undefined,
): Promise<DocumentDiff> {
  const { number, apiVersion, kind, name } = document
  const base = { document: number, changes: [] }
  const resource = await resolve(cluster, document, signal)
  if (typeof resource === 'string') {
    return { ...base, object: `${apiVersion} ${kind} ${name}`, action: 'refused', refused: resource }
  }
  const namespace = resource.namespaced ? checkNamespace(document.namespace ?? defaultNamespace) : undefined
  const object = `${apiVersion} ${kind} ${namespace ? `${namespace}/${name}` : name}`
  const path = pathOf(resource, namespace, name)
  const live = await liveObject(cluster, path, document, signal)
  const given = await bothSides(cluster, asStored(document.object))
  const secrets = new SecretValues(given, live)
  const result = await dryRunApply(cluster, path, secrets.sent, signal)
  const wanted = secrets.shown(given.shown)
  if ('refused' in result) {
    const unknown = result.unknownField ? await allUnknown(cluster, resource, document, signal) : []
    const changes =
      live && result.conflicts.length > 0 ? fieldDiff(spokenAbout(live.shown, wanted), wanted) : []
    const { refused, ...more } = reasons(result, unknown)
    return { ...base, object, action: 'refused', changes, refused: secrets.scrubbed(refused), ...more }
  }
  const changes = live ? fieldDiff(live.shown, secrets.shown(result.object)) : summaryOf(wanted)
  const warnings = result.warnings.slice(0, 10).map((text) => secrets.scrubbed(refusalText(text)))
  return {
    document: number,
    object,
    action: live ? (changes.length > 0 ? 'change' : 'unchanged') : 'create',
    changes,
    ...(warnings.length > 0 && { warnings }),
  }
}

async function bothSides(cluster: Cluster, raw: unknown): Promise<Sides> {
  return { raw, shown: await blinded(cluster.sanitizer, raw) }
}

function reasons(
  { refused, conflicts, unknownField }: Extract<DryRun, { refused: string }>,
  unknown: UnknownField[],
): { refused: string } & Pick<DocumentDiff, 'conflicts' | 'unknownFields'> {
  if (conflicts.length > 0) return { refused, conflicts }
  if (!unknownField) return { refused }
  if (unknown.length === 0) return { refused, unknownFields: [unknownField] }
  const named = unknown.map(({ field, nearest }) => `${field}${didYouMean(nearest).replace(';', ',')}`)
  return { refused: `unknown fields: ${named.join('; ')}`, unknownFields: unknown.map(({ field }) => field) }
}

async function allUnknown(
  cluster: Cluster,
  resource: Resource,
  { object }: ManifestDocument,
  signal: AbortSignal | undefined,
): Promise<UnknownField[]> {
  try {
    const schemas = new FieldSchemas(await schemasOf(cluster, resource, signal))
    const root = schemas.kind(resource.group, resource.version, resource.kind)
    return root ? unknownFields(schemas, root, object) : []
  } catch (error) {
    // The API server has already named one; the rest is a courtesy.
    if (error instanceof GatehouseError) return []
    throw error
  }
}

async function resolve(
  cluster: Cluster,
  { kind, apiVersion }: ManifestDocument,
  signal: AbortSignal | undefined,
): Promise<Resource | string> {
  try {
    const resource = await cluster.discovery.resolve(kind, apiVersion, signal)
    // Discovery also takes short names and any case; a manifest does not.
    return resource.kind === kind ? resource : `there is no kind "${kind}"; did you mean ${resource.kind}?`
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'UNKNOWN_KIND') throw error
    const served = (await cluster.discovery.all(signal)).filter((one) => one.kind === kind)
    const elsewhere = [...new Set(served.map((one) => one.apiVersion))].join(' and ')
    return elsewhere ? `${kind} is not in ${apiVersion} but in ${elsewhere}` : error.message
  }
}

// Unmasked too: its secret values take the place of those the manifest gives.
async function liveObject(
  cluster: Cluster,
  path: string,
  { number }: ManifestDocument,
  signal: AbortSignal | undefined,
): Promise<Sides | undefined> {
  try {
    const raw = comparable(await cluster.json<KubeObject>(path, { signal }))
    const values = countValues(raw)
    if (values <= MOST_VALUES) return await bothSides(cluster, raw)
    const size = `the object in the cluster holds ${values} values`
    throw new GatehouseError('TOO_LARGE', `yamlContent: document ${number}: ${size}, at most ${MOST_VALUES}`)
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
