import { GatehouseError } from '@gatehouse/errors'
import { factsOf, type PlannedOperation } from '@gatehouse/operations'
import { decide, type Level, type Policy, type RequesterFacts } from '@gatehouse/policy/gate'

export interface Verdict {
  level: Level
  approvers: number
  rules: string[]
}

export interface Judging {
  requester: RequesterFacts
  planSize: number
}

/**
 * The gate over a whole plan: the strictest of what its operations need.
 * @throws GatehouseError BLOCKED_BY_POLICY with every reason
 */
export function judgePlan(
  planned: readonly PlannedOperation[],
  policy: Policy,
  requester: RequesterFacts,
): Verdict {
  const verdict: Verdict = { level: 1, approvers: 1, rules: [] }
  const denied: string[] = []
  for (const operation of planned) {
    const decision = decide(factsOf(operation, requester, planned.length), policy)
    if ('denied' in decision) {
      denied.push(...decision.denied)
      continue
    }
    verdict.level = Math.max(verdict.level, decision.level) as Level
    verdict.approvers = Math.max(verdict.approvers, decision.approvers)
    verdict.rules.push(...decision.rules)
  }
  if (denied.length > 0) {
    const reasons = [...new Set(denied)]
    throw new GatehouseError('BLOCKED_BY_POLICY', reasons.join('; '), {
      hint: 'Nothing was asked of a person. docs/policy.md says what an operator can allow and what nobody can',
      data: { reasons },
    })
  }
  return { ...verdict, rules: [...new Set(verdict.rules)] }
}

/** Why one operation of an approved plan may not be sent any more under the policy as it is now; undefined if it may. */
export function refusedNow(
  operation: PlannedOperation,
  policy: Policy,
  { level, approvers }: { level: number; approvers: number },
  judging: Judging,
): string | undefined {
  const decision = decide(factsOf(operation, judging.requester, judging.planSize), policy)
  if ('denied' in decision) return `The policy no longer allows it: ${decision.denied.join('; ')}`
  if (decision.level > level) return 'The policy now asks for a higher level than it was approved at'
  if (decision.approvers > approvers) return 'The policy now asks for more people than have approved'
  return undefined
}
