import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Cluster } from '../client/cluster.ts'
import type { Resource } from '../discovery/discovery.ts'
import { namespaceNames } from '../table/all-namespaces.ts'
import type { Selection } from '../table/table.ts'

export interface Whereabouts extends Selection {
  /** Omitted: the context's namespace. */
  namespace?: string | undefined
  allNamespaces?: boolean | undefined
}

/** What is listed where. */
export interface Scope {
  resource: Resource
  /** Undefined over all namespaces and for kinds without them. */
  namespace: string | undefined
  everywhere: boolean
}

/** Resolves kind and namespace of a list. A kind without namespaces ignores both parameters. */
export async function scopeOf(
  cluster: Cluster,
  kind: string,
  query: Whereabouts & { apiVersion?: string | undefined },
): Promise<Scope> {
  const resource = await cluster.discovery.resolve(kind, query.apiVersion, query.signal)
  if (!resource.verbs.includes('list')) {
    throw new GatehouseError('INVALID_INPUT', `${resource.kind} cannot be listed`)
  }
  const everywhere = resource.namespaced && query.allNamespaces === true
  const namespace = resource.namespaced && !everywhere ? (query.namespace ?? cluster.namespace) : undefined
  return { resource, namespace, everywhere }
}

/** The namespace a reply names: `*` for all, nothing for kinds without. */
export function shownNamespace({ namespace, everywhere }: Scope): string {
  return namespace ?? (everywhere ? '*' : '')
}

/** The API server lists a namespace that does not exist as empty; a person wants to know. */
export async function checkNamespaceExists(
  cluster: Cluster,
  namespace: string,
  { signal }: Pick<Selection, 'signal'>,
): Promise<void> {
  const names = await namespaceNames(cluster, { signal })
  if (names === undefined || names.includes(namespace)) return
  const near = nearest(namespace, names)
  throw new GatehouseError('NOT_FOUND', `There is no namespace "${namespace}"${didYouMean(near)}`, {
    data: { nearest: near },
  })
}
