import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject, Target } from '../client/cluster.ts'
import { checkNamespace, pathOf } from '../client/paths.ts'
import { comparable, summaryOf } from '../diff/comparable.ts'
import { dryRunApply, type FieldConflict } from '../diff/dry-run.ts'
import { type FieldChange, fieldDiff } from '../diff/field-diff.ts'
import { type ManifestDocument, parseManifest } from '../diff/manifest.ts'
import type { Resource } from '../discovery/discovery.ts'

export interface DiffQuery {
  yamlContent: string
  /** For documents that name none; omitted: the context's namespace. */
  namespace?: string | undefined
  signal?: AbortSignal | undefined
}

export interface DocumentDiff {
  document: number
  /** `apps/v1 Deployment shop/web` */
  object: string
  action: 'create' | 'change' | 'unchanged' | 'refused'
  /** Field by field; of a created object what the manifest says. */
  changes: FieldChange[]
  refused?: string
  conflicts?: FieldConflict[]
  unknownFields?: string[]
  warnings?: string[]
}

export interface ManifestDiff {
  target: Target
  documents: DocumentDiff[]
}

/**
 * What applying a manifest would change, told by the API server itself in a dry run of server-side apply. Nothing is
 * changed. Both sides are masked before they are compared.
 */
export async function diffManifest(cluster: Cluster, query: DiffQuery): Promise<ManifestDiff> {
  const manifest = parseManifest(query.yamlContent)
  const fallback = query.namespace ?? cluster.namespace
  const documents: DocumentDiff[] = []
  // One after the other: a manifest of 100 objects may not flood the cluster.
  for (const document of manifest) {
    documents.push(await diffDocument(cluster, document, fallback, manifest, query.signal))
  }
  return { target: cluster.target(fallback), documents }
}

async function diffDocument(
  cluster: Cluster,
  document: ManifestDocument,
  fallback: string,
  manifest: ManifestDocument[],
  signal: AbortSignal | undefined,
): Promise<DocumentDiff> {
  const { number, apiVersion, kind, name } = document
  const refusedAt = (place: string, refused: string): DocumentDiff => ({
    document: number,
    object: `${apiVersion} ${kind} ${place}`,
    action: 'refused',
    changes: [],
    refused: withReason(refused, manifest),
  })
  const resource = await resolve(cluster, document, signal)
  if (typeof resource === 'string') return refusedAt(name, resource)
  const namespace = resource.namespaced ? checkNamespace(document.namespace ?? fallback) : undefined
  const place = namespace ? `${namespace}/${name}` : name
  const path = pathOf(resource, namespace, name)
  const [live, result] = await Promise.all([
    liveObject(cluster, path, signal),
    dryRunApply(cluster, path, document.object, signal),
  ])
  if ('refused' in result) {
    const { refused, conflicts, unknownFields } = result
    return {
      ...refusedAt(place, refused),
      ...(conflicts.length > 0 && { conflicts }),
      ...(unknownFields.length > 0 && { unknownFields }),
    }
  }
  const changes = live
    ? fieldDiff(comparable(live), comparable(result.object))
    : summaryOf(cluster.sanitizer.maskObject(document.object))
  return {
    document: number,
    object: `${apiVersion} ${kind} ${place}`,
    action: live ? (changes.length > 0 ? 'change' : 'unchanged') : 'create',
    changes,
    ...(result.warnings.length > 0 && { warnings: result.warnings.slice(0, 10) }),
  }
}

async function resolve(
  cluster: Cluster,
  { kind, apiVersion }: ManifestDocument,
  signal: AbortSignal | undefined,
): Promise<Resource | string> {
  try {
    const resource = await cluster.discovery.resolve(kind, apiVersion, signal)
    // A manifest writes the kind exactly; discovery also takes short names.
    if (resource.kind === kind) return resource
    return `this cluster has no kind "${kind}" in ${apiVersion}; did you mean ${resource.kind}?`
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'UNKNOWN_KIND') return error.message
    throw error
  }
}

async function liveObject(
  cluster: Cluster,
  path: string,
  signal: AbortSignal | undefined,
): Promise<KubeObject | undefined> {
  try {
    return await cluster.object(path, { signal })
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

// A dry run stores nothing, so what one document creates the next one cannot see.
function withReason(refused: string, manifest: ManifestDocument[]): string {
  const namespace = /^namespace "([^"]+)" does not exist$/.exec(refused)?.[1]
  const maker = manifest.find(
    (one) =>
      (namespace && one.kind === 'Namespace' && one.name === namespace) ||
      (/has no kind/.test(refused) && one.kind === 'CustomResourceDefinition' && defines(one, refused)),
  )
  return maker
    ? `${refused} yet; document ${maker.number} creates it, which a dry run cannot anticipate`
    : refused
}

function defines({ object }: ManifestDocument, refused: string): boolean {
  const { spec } = object as { spec?: { names?: { kind?: unknown } } }
  return typeof spec?.names?.kind === 'string' && refused.includes(`"${spec.names.kind}"`)
}
