import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { type Cluster, pathOf, type Resource } from '@gatehouse/kubernetes'
import { changedNothing, sendMutation } from '@gatehouse/kubernetes/mutation'
import type { Logger } from '@gatehouse/telemetry'

export interface DeleteTarget {
  cluster: Cluster
  resource: Resource
  namespace: string
  name: string
}

export interface Deleted {
  /** `deleting` while the object waits for its grace period or its finalizers. */
  state: 'deleted' | 'deleting'
  uid?: string
}

export interface Deleter {
  /**
   * Sends one DELETE of one named object, which the caller's agent has declared approved, and never a second.
   * @throws GatehouseError NOT_FOUND, FORBIDDEN, … where certainly nothing was changed; else OUTCOME_UNKNOWN
   */
  deleteOnce(target: DeleteTarget, signal: AbortSignal): Promise<Deleted>
}

/** How long an answer is waited for. A tool's own deadline must be later: it would say "try again". */
const PATIENCE_MS = 25_000

interface Answer {
  apiVersion?: unknown
  kind?: unknown
  metadata?: {
    uid?: unknown
    deletionTimestamp?: unknown
    deletionGracePeriodSeconds?: unknown
    finalizers?: unknown
  }
  details?: { uid?: unknown }
}

/** The one exception to "a person approves": mcp-k8s-agent's single deletion. Each try and its end is in the log. */
export function createDeleter(log: Logger, patienceMs = PATIENCE_MS): Deleter {
  return {
    async deleteOnce({ cluster, resource, namespace, name }, caller) {
      const record = {
        approval: 'argument',
        kind: resource.kind,
        api_version: resource.apiVersion,
        namespace,
        name,
      }
      log.info('delete sent', { ...record, context: cluster.context, identity: cluster.identity })
      try {
        const path = pathOf(resource, namespace, name)
        const signal = AbortSignal.any([caller, AbortSignal.timeout(patienceMs)])
        const answer = await sendMutation<Answer>(cluster, { method: 'DELETE', path, signal })
        const deleted = outcomeOf(answer)
        log.info('delete answered', { ...record, state: deleted.state, uid: deleted.uid })
        return deleted
      } catch (thrown) {
        const error = endOf(thrown, resource.kind, name)
        const end = error.code === 'OUTCOME_UNKNOWN' ? 'delete outcome unknown' : 'delete refused'
        log.warn(end, { ...record, error_code: error.code })
        throw error
      }
    },
  }
}

function endOf(thrown: unknown, kind: string, name: string): GatehouseError {
  const error = asGatehouseError(thrown)
  if (changedNothing(error)) return error
  return new GatehouseError('OUTCOME_UNKNOWN', `No answer came to the deletion of ${kind} ${name}`, {
    cause: thrown,
    hint: 'It was sent once and is not repeated; read the object to see whether it is gone',
  })
}

// The API server answers with a Status, or for some kinds with the object, gone or not.
function outcomeOf({ apiVersion, kind, metadata = {}, details }: Answer): Deleted {
  const isStatus = kind === 'Status' && apiVersion === 'v1'
  const { uid } = isStatus ? (details ?? {}) : metadata
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers.length : 0
  const waits = metadata.deletionTimestamp && (finalizers > 0 || metadata.deletionGracePeriodSeconds !== 0)
  return {
    state: !isStatus && waits ? 'deleting' : 'deleted',
    ...(typeof uid === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(uid) && { uid }),
  }
}
