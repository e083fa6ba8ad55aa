import { type ErrorCode, GatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import { gateIntent, gateResolved, type Intent } from '@gatehouse/policy'
import type { Deps } from './tool.ts'

// The catalogue's hints name tools that are not here.
const HINTS: Partial<Record<ErrorCode, string>> = {
  UNKNOWN_KIND: 'Write the kind as the cluster serves it; a kind of another group may need its apiVersion',
  UNKNOWN_CONTEXT: 'K8S_CONTEXT must name a context of the kubeconfig',
}

/** The gate of every tool: no request but discovery's leaves before both halves of it have passed. */
export function createLocate(clusters: Clusters): Deps['locate'] {
  return async (intent, signal) => {
    gateIntent(intent)
    const { cluster, resource } = await resolve(clusters, intent, signal).catch(rehint)
    gateResolved(intent, resource)
    if (!resource.verbs.includes(intent.verb)) {
      throw new GatehouseError('INVALID_INPUT', `${resource.kind} does not support ${intent.verb}`)
    }
    return { cluster, resource }
  }
}

async function resolve(clusters: Clusters, { kind, apiVersion }: Intent, signal: AbortSignal) {
  const cluster = clusters.cluster()
  return { cluster, resource: await cluster.discovery.resolve(kind, apiVersion, signal) }
}

function rehint(thrown: unknown): never {
  const hint = thrown instanceof GatehouseError && HINTS[thrown.code]
  if (!hint) throw thrown
  throw new GatehouseError(thrown.code, thrown.message, { hint, data: thrown.data })
}
