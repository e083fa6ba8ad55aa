import type { AttemptStore, OperationOutcome, Plan, PlannedOperation } from '@gatehouse/operations'

/** What an executor is told about the operation it carries out. */
export interface ExecutionContext {
  requestId: string
  /** Of the operation in its plan. */
  index: number
  plan: Plan
  planDigest: string
  correlationId: string | null
  /** An earlier executor had this claim and did not finish. */
  takenOver: boolean
  /**
   * Asked right before sending: is the claim still ours, is nothing halted? False: nothing may be sent.
   * `attempts.persist` asks the same in the transaction that writes.
   */
  stillClaimed(): Promise<boolean>
}

/**
 * Carries out one planned operation. Implemented by shared/operations. It calls `attempts.persist` before each
 * sending, also of an attempt it found, and sends nothing when that answers false. Aborting the signal asks it to
 * stop before it sends; what has been sent is observed to its end or left to a takeover.
 */
export interface Executor {
  execute(
    planned: PlannedOperation,
    attempts: AttemptStore,
    context: ExecutionContext,
    signal: AbortSignal,
  ): Promise<OperationOutcome>
}
