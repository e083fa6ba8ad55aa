export { changedNothing } from './api-error.ts'

import type { Cluster } from './cluster.ts'
import type { ExecAnswer, ExecCall } from './exec-socket.ts'
import { EXEC, MUTATE } from './mutate.ts'
import type { ApiCall } from './transport.ts'

/**
 * Sends one mutating request, exactly once, and returns the API server's answer unmasked. Only the executor in
 * shared/operations may import this; an architecture test holds everybody else off. The profile's guard still applies.
 */
export function sendMutation<T>(cluster: Cluster, call: ApiCall): Promise<T> {
  return cluster[MUTATE]<T>(call)
}

/**
 * Runs one command in a container, exactly once, and waits for its end. Bounded by the call's signal and bytes; the
 * output is raw. Only the executor may import this.
 * @throws GatehouseError a refusal of the API server; CLUSTER_UNREACHABLE when nobody knows what ran
 */
export function sendExec(cluster: Cluster, call: ExecCall): Promise<ExecAnswer> {
  return cluster[EXEC](call)
}

export type { ExecAnswer, ExecCall }
