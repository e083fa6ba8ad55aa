import { setImmediate } from 'node:timers/promises'
import type { Cluster, Target } from '../client/cluster.ts'
import { type DocumentDiff, diffDocument } from '../diff/diff-document.ts'
import { type ManifestDocument, parseManifest } from '../diff/manifest.ts'

export interface DiffQuery {
  yamlContent: string
  /** For documents that name none; omitted: the context's namespace. */
  namespace?: string | undefined
  signal?: AbortSignal | undefined
}

export interface ManifestDiff {
  target: Target
  documents: DocumentDiff[]
}

/**
 * What applying a manifest would change, told by the API server itself in a dry run of server-side apply. Nothing is
 * changed. Both sides are masked before they are compared, and nothing the manifest says is digested.
 */
export async function diffManifest(cluster: Cluster, query: DiffQuery): Promise<ManifestDiff> {
  const manifest = parseManifest(query.yamlContent)
  const defaultNamespace = query.namespace ?? cluster.namespace
  const blind = cluster.sanitizer.blind()
  const documents: DocumentDiff[] = []
  // One after the other: a manifest of 100 objects may not flood the cluster.
  for (const document of manifest) {
    await setImmediate()
    const diff = await diffDocument(cluster, document, defaultNamespace, query.signal)
    const told = diff.refused ? { ...diff, refused: withMaker(diff.refused, manifest) } : diff
    documents.push(blind.value(told))
  }
  return { target: cluster.target(defaultNamespace), documents }
}

// A dry run stores nothing, so what one document creates the next one cannot see.
function withMaker(refused: string, manifest: ManifestDocument[]): string {
  const namespace = /^namespace "([^"]+)" does not exist$/.exec(refused)?.[1]
  const kind = /has no kind "([^"]+)"/.exec(refused)?.[1]
  const maker = manifest.find(
    (one) =>
      (namespace && one.kind === 'Namespace' && one.name === namespace) ||
      (kind && definedKind(one) === kind),
  )
  return maker
    ? `${refused} yet; document ${maker.number} makes it, which a dry run cannot anticipate`
    : refused
}

function definedKind({ kind, object }: ManifestDocument): unknown {
  if (kind !== 'CustomResourceDefinition') return undefined
  const { spec } = object as { spec?: { names?: { kind?: unknown } } | null }
  return spec?.names?.kind
}
