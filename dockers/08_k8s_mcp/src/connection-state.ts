import { asGatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import type { Sanitizer } from '@gatehouse/sanitizer'

export interface ConnectionState {
  cluster: { connected: boolean; context?: string; version?: string; reason?: string; hint?: string }
}

const FRESH_MS = 5_000

/** Whether the default cluster answers, for /status and /health; asked at most every five seconds. */
export function connectionState(clusters: Clusters, sanitizer: Sanitizer): () => Promise<ConnectionState> {
  let known: Promise<ConnectionState> | undefined
  let askedAt = 0
  return () => {
    if (!known || Date.now() - askedAt > FRESH_MS) {
      askedAt = Date.now()
      known = ask(clusters).then((state) => sanitizer.value(state))
    }
    return known
  }
}

async function ask(clusters: Clusters): Promise<ConnectionState> {
  try {
    const cluster = clusters.cluster()
    const signal = AbortSignal.timeout(4_000)
    const { gitVersion } = await cluster.json<{ gitVersion: string }>('/version', { signal })
    return { cluster: { connected: true, context: cluster.context, version: gitVersion } }
  } catch (thrown) {
    const error = asGatehouseError(thrown)
    return { cluster: { connected: false, reason: error.message, hint: error.hint } }
  }
}
