import { GatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import type { Operation } from '../operation.ts'
import type { PlannedOperation } from '../plan.ts'
import { assertNotNever } from './hard-denial.ts'
import { existing, liveObject, type PlaceOptions, placeOf } from './place.ts'
import { planExec } from './plan-exec.ts'
import { planOperation } from './plan-operation.ts'
import { planSwitch } from './plan-switch.ts'
import type { Rehearsed } from './rehearsed.ts'

export interface PlannerDeps {
  clusters: Clusters
  /** The stored default context of a server, if any. Absent: no context can be switched. */
  defaultContext?: (server: string) => Promise<string | undefined>
  /** For planning in tests. */
  now?: () => Date
}

const MOST_OPERATIONS = 100

/**
 * Freezes operations for approval, in order: each is resolved by live discovery, read, and rehearsed by the API server.
 * Nothing is changed. All of them can be planned, or none.
 * @throws GatehouseError INVALID_INPUT, NOT_FOUND with near names, NO_CHANGE, CANNOT_PLAN, CONFLICT, FORBIDDEN, …
 */
export async function planOperations(
  operations: readonly Operation[],
  deps: PlannerDeps,
  options: PlaceOptions = {},
): Promise<PlannedOperation[]> {
  if (operations.length === 0) throw new GatehouseError('INVALID_INPUT', 'operations: there is none')
  if (operations.length > MOST_OPERATIONS) {
    throw new GatehouseError('TOO_LARGE', `operations: ${operations.length}, at most ${MOST_OPERATIONS}`, {
      hint: 'Nobody can decide that many at once: ask for fewer',
    })
  }
  const planned: PlannedOperation[] = []
  for (const operation of operations) {
    const one = await plan(operation, deps, options)
    assertNew(one, planned)
    planned.push(one)
  }
  return planned
}

async function plan(
  operation: Operation,
  deps: PlannerDeps,
  options: PlaceOptions,
): Promise<PlannedOperation> {
  const now = deps.now?.() ?? new Date()
  if (operation.type === 'switchContext') {
    return planSwitch(operation, deps.clusters, deps.defaultContext, options.signal)
  }
  const place = await placeOf(deps.clusters, operation.target, options)
  const mayBeNew = operation.type === 'create' || operation.type === 'apply'
  const live = mayBeNew ? await liveObject(place) : await existing(place)
  assertNotNever(operation, place, live !== undefined)
  if (operation.type === 'exec' && live) return planExec(operation, place, live)
  return planOperation(operation as Rehearsed, place, live, now)
}

// The second of two changes of one object would be rehearsed without the first.
function assertNew({ target }: PlannedOperation, planned: PlannedOperation[]): void {
  const same = planned.some(
    ({ target: other }) =>
      other.clusterId === target.clusterId &&
      other.group === target.group &&
      other.resource === target.resource &&
      other.namespace === target.namespace &&
      other.name === target.name,
  )
  if (!same) return
  throw new GatehouseError('INVALID_INPUT', `operations: two of them change ${target.kind} ${target.name}`, {
    hint: 'Write them as one operation, or ask for the second when the first is done',
  })
}
