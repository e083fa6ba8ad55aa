import { GatehouseError } from '@gatehouse/errors'
import type { Cluster } from '@gatehouse/kubernetes'
import type { FrozenRequest, ResolvedTarget } from '../plan.ts'
import type { Ground } from './ground.ts'

interface Review {
  status?: { allowed?: boolean }
}

/** What somebody may or may not do. */
export interface Access {
  target: ResolvedTarget
  verb: string
  subresource?: string | undefined
}

const VERBS: Record<FrozenRequest['method'], string> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Why the cluster would not let this identity send the request, or undefined. Advice: the API server judges again. */
export function refusedRequest({ planned, cluster, signal }: Ground): Promise<string | undefined> {
  const { target, request } = planned
  const [, subresource] = request.path.split(`/${target.resource}/${encodeURIComponent(target.name)}/`)
  return refusedAccess(cluster, { target, verb: VERBS[request.method], subresource }, signal)
}

/** Asks the cluster whether this identity may. No answer is no permission. */
export async function refusedAccess(
  cluster: Cluster,
  { target, verb, subresource }: Access,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { group, resource, namespace, name } = target
  const resourceAttributes = {
    group,
    resource,
    verb,
    name,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
  }
  const kind = 'SelfSubjectAccessReview'
  const what = `${verb} ${resource}${subresource ? `/${subresource}` : ''}`
  try {
    const { status } = await cluster.send<Review>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec: { resourceAttributes } }),
      signal,
    })
    return status?.allowed === true ? undefined : `The cluster does not let this identity ${what}`
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'FORBIDDEN') throw error
    return `The cluster does not say whether this identity may ${what}`
  }
}
