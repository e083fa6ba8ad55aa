import { age, oneLine } from './phrase.ts'
import type { Condition } from './shapes.ts'

export interface ConditionView {
  type: string
  status: string
  since?: string | undefined
  reason?: string | undefined
  message?: string | undefined
}

// Types whose good state is False. Everything else is good when True.
const BAD_WHEN_TRUE =
  /Pressure$|Failed$|Failure$|Failing$|Error$|Degraded$|Stalled$|Unavailable$|Unschedulable$|Remaining$|Terminating$|Conflict$|Denied$|Invalid$|Limited$/
// States that come and go in a healthy object.
const NEUTRAL =
  /^(Progressing|Reconciling|Complete|SuccessCriteriaMet|Suspended|Resizing|FailureTarget|ScalingLimited|DisruptionTarget)$/

/** Conditions as rows; a message that a finding already repeats is left out. */
export function viewConditions(
  conditions: readonly Condition[] | undefined,
  now: number,
  findings: readonly string[] = [],
): ConditionView[] {
  return (conditions ?? []).map(({ type, status, lastTransitionTime, reason, message }) => {
    const text = oneLine(message)
    const isSaid = findings.some((finding) => finding.includes(text))
    return {
      type,
      status,
      ...(lastTransitionTime && { since: age(lastTransitionTime, now) }),
      ...(reason && { reason }),
      ...(text && !isSaid && { message: text }),
    }
  })
}

/** Conditions that say something is wrong, as sentences; those in `except` have better ones. */
export function conditionFindings(
  conditions: readonly Condition[] | undefined,
  now: number,
  except: readonly string[] = [],
): string[] {
  return (conditions ?? [])
    .filter((condition) => !except.includes(condition.type) && isBad(condition))
    .map(({ type, status, reason, message, lastTransitionTime }) => {
      const since = lastTransitionTime ? ` since ${age(lastTransitionTime, now)}` : ''
      return `Condition ${type} is ${status}${since}${reason ? ` (${reason})` : ''}${message ? `: ${oneLine(message)}` : ''}`
    })
}

function isBad({ type, status }: Condition): boolean {
  if (NEUTRAL.test(type)) return false
  return BAD_WHEN_TRUE.test(type) ? status === 'True' : status === 'False' || status === 'Unknown'
}
