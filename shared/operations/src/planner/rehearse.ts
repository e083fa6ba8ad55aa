import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '@gatehouse/kubernetes'
import { refusalOf } from '@gatehouse/kubernetes/planning'
import { boundRequest, type Precondition } from '../bound-request.ts'
import type { FrozenRequest } from '../plan.ts'

/** What the API server says would be, and its warnings. */
export interface Rehearsal {
  answer: KubeObject
  warnings: string[]
}

/** Sends a frozen request as a dry run; nothing is stored. Errors are those of the API server. */
export async function rehearse(
  cluster: Cluster,
  request: FrozenRequest,
  bound: Precondition,
  signal: AbortSignal | undefined,
): Promise<Rehearsal> {
  const { value, warnings } = await cluster.sendWithWarnings<KubeObject>({
    ...boundRequest(request, bound, true),
    signal,
  })
  return { answer: value, warnings }
}

/** The same for the plan: a refusal becomes an error that says why this cannot be planned. */
export async function rehearseForPlan(
  cluster: Cluster,
  request: FrozenRequest,
  bound: Precondition,
  signal: AbortSignal | undefined,
): Promise<Rehearsal> {
  try {
    return await rehearse(cluster, request, bound, signal)
  } catch (error) {
    throw error instanceof GatehouseError ? cannotPlan(error, request) : error
  }
}

const WEBHOOK = /webhook "([^"]+)" does not support dry run/

function cannotPlan(error: GatehouseError, request: FrozenRequest): GatehouseError {
  if (error.code === 'CLUSTER_BUSY' && request.path.endsWith('/eviction')) {
    return new GatehouseError('CANNOT_PLAN', error.message, {
      cause: error,
      quotesCluster: true,
      hint: 'Its disruption budget allows no eviction now: ask again when more of its pods are ready',
    })
  }
  const webhook = WEBHOOK.exec(error.message)?.[1]
  if (webhook) {
    return new GatehouseError(
      'CANNOT_PLAN',
      `The admission webhook "${webhook}" cannot be asked without effect`,
      {
        cause: error,
        quotesCluster: true,
        hint: 'Nobody can see what this change would be; its owner must declare sideEffects None or NoneOnDryRun',
      },
    )
  }
  if (error.code === 'FORBIDDEN') {
    return new GatehouseError('FORBIDDEN', error.message, {
      cause: error,
      quotesCluster: true,
      hint: 'A rehearsal needs the same permission as the change: give it to the writing identity',
    })
  }
  if (!REFUSALS.has(error.code)) return error
  const { refused, conflicts } = refusalOf(error)
  return new GatehouseError(error.code, refused, {
    cause: error,
    quotesCluster: true,
    ...(error.code === 'CONFLICT' && {
      data: { conflicts },
      hint: 'Another manager owns these fields: change them there, or leave them out',
    }),
  })
}

const REFUSALS = new Set(['CONFLICT', 'CLUSTER_REFUSED', 'NOT_FOUND'])
