import type { ChangeFacts, RequesterFacts, SwitchFacts } from '@gatehouse/policy/gate'
import type { PlannedOperation } from './plan.ts'

/** What of the gate's facts is known once an operation is planned. */
export type PlannedFacts =
  | Omit<ChangeFacts, 'requester' | 'planSize'>
  | Omit<SwitchFacts, 'requester' | 'planSize'>

/** The facts the gate judges one operation of a plan by: when it is planned, and again before it is executed. */
export function factsOf(
  { facts }: PlannedOperation,
  requester: RequesterFacts,
  planSize: number,
): ChangeFacts | SwitchFacts {
  return { ...facts, requester, planSize }
}
