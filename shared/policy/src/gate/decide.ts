import type { ChangeFacts, Decision, Level, SwitchFacts } from '../facts.ts'
import { configuredFindings } from './allowed.ts'
import { checkFacts } from './facts/facts-schema.ts'
import { deny, type Finding } from './finding.ts'
import { natureFindings, requiredFindings } from './levels.ts'
import { neverFindings } from './never-facts.ts'
import type { Policy } from './policy.ts'

/**
 * What a change needs before it may happen, or why it never may. Facts that are missing, additional or not understood
 * are denied, and so is everything where the gate itself fails. Never throws.
 */
export function decide(facts: ChangeFacts | SwitchFacts, policy: Policy): Decision {
  const findings = judge(facts, policy)
  const denied = findings.flatMap((one) => ('deny' in one ? [one.deny] : []))
  if (denied.length > 0) return { denied: [...new Set(denied)] }
  const raised = findings.filter((one) => 'level' in one)
  const level = Math.max(1, ...raised.map((one) => one.level)) as Level
  const approvers = Math.max(
    peopleAt(level, policy.settings.approvers),
    ...raised.map((one) => one.approvers),
  )
  return { level, approvers, rules: [...new Set(raised.map((one) => one.because))] }
}

// A higher level never asks fewer people, whatever the file says.
function peopleAt(level: Level, { level1, level2, level3 }: Policy['settings']['approvers']): number {
  return Math.max(...[level1, level2, level3].slice(0, level))
}

/** All that speaks for a denial or a higher level, layer by layer; what `npm run policy -- explain` shows. */
export function judge(facts: ChangeFacts | SwitchFacts, policy: Policy): Finding[] {
  try {
    const checked = checkFacts(facts)
    if ('problem' in checked) {
      return [deny('never', `The change cannot be judged: ${checked.problem} is missing or not understood`)]
    }
    return [...builtIn(checked.facts, policy), ...policy.rules.flatMap((rule) => rule.judge(checked.facts))]
  } catch (error) {
    const what = error instanceof Error ? error.name : 'an error'
    return [deny('never', `The gate failed (${what}); nothing is changed while it does`)]
  }
}

function builtIn(facts: ChangeFacts | SwitchFacts, { settings, ownNamespaces }: Policy): Finding[] {
  const common = [...spending(facts, settings.budgets), ...requiredFindings(facts, settings)]
  if (facts.type === 'switchContext') return common
  const never = neverFindings(facts, ownNamespaces)
  // What a file could allow would only mislead where nothing can.
  if (never.length > 0) return never
  return [...configuredFindings(facts, settings), ...natureFindings(facts), ...common]
}

function spending(
  { requester, planSize }: ChangeFacts | SwitchFacts,
  budgets: Policy['settings']['budgets'],
): Finding[] {
  const findings: Finding[] = []
  if (requester.changesLastHour >= budgets.changesPerHour) {
    const text = `${requester.subject} has asked for ${requester.changesLastHour} changes within the last hour, at most ${budgets.changesPerHour} are taken (budgets.changesPerHour)`
    findings.push(deny('policy', text))
  }
  if (planSize > budgets.operationsPerPlan) {
    const text = `${planSize} operations in one plan, at most ${budgets.operationsPerPlan} are taken (budgets.operationsPerPlan)`
    findings.push(deny('policy', text))
  }
  return findings
}
