import { GatehouseError } from '@gatehouse/errors'
import type { OperationOutcome } from './attempt.ts'
import type { Operation } from './operation.ts'
import type { PlannedOperation } from './plan.ts'

/**
 * What takes a succeeded operation back, as a new request that is planned and approved like any other.
 * @throws GatehouseError CONFLICT where it did not succeed, CANNOT_UNDO where nothing takes it back
 */
export function undoOf(planned: PlannedOperation, outcome: OperationOutcome): Operation[] {
  if (outcome.state !== 'succeeded') {
    throw new GatehouseError(
      'CONFLICT',
      `It has not succeeded (${outcome.state}): there is nothing to take back`,
    )
  }
  if ('refused' in planned.undo) throw new GatehouseError('CANNOT_UNDO', planned.undo.refused)
  return planned.undo.operations
}
