import { GatehouseError } from '@gatehouse/errors'

/** A policy that must not be used; the start stops with it. */
export function policyError(file: string, reason: string, cause?: unknown): GatehouseError {
  return new GatehouseError('POLICY_INVALID', `POLICY_FILE ${file}: ${reason}`, {
    ...(cause !== undefined && { cause }),
  })
}
