import { asGatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import type { Sanitizer } from '@gatehouse/sanitizer'

export interface ConnectionState {
  cluster: { connected: boolean; context?: string; version?: string; reason?: string; hint?: string }
}

const FRESH_MS = 5_000

/** Whether a cluster answers, the default one unless named, for /status and /health; asked at most every five seconds. */
export function connectionState(
  clusters: Clusters,
  sanitizer: Sanitizer,
): (context?: string) => Promise<ConnectionState> {
  const known = new Map<string | undefined, { state: Promise<ConnectionState>; at: number }>()
  return (context) => {
    const last = known.get(context)
    if (last && Date.now() - last.at <= FRESH_MS) return last.state
    const state = ask(clusters, context).then((answer) => sanitizer.value(answer))
    known.set(context, { state, at: Date.now() })
    return state
  }
}

async function ask(clusters: Clusters, context: string | undefined): Promise<ConnectionState> {
  try {
    const cluster = clusters.cluster(context)
    const signal = AbortSignal.timeout(4_000)
    const { gitVersion } = await cluster.json<{ gitVersion: string }>('/version', { signal })
    return { cluster: { connected: true, context: cluster.context, version: gitVersion } }
  } catch (thrown) {
    const error = asGatehouseError(thrown)
    return { cluster: { connected: false, reason: error.message, hint: error.hint } }
  }
}
