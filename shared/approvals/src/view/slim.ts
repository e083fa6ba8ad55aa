import type { OperationOutcome, Plan } from '@gatehouse/operations'

/** Beyond names, so much of a plan or an outcome stands in a list. */
const MOST_CHARACTERS = 8_000

/** A plan without what changes and without long texts, so that a list of many costs little to sanitise. */
export function slimPlan(plan: Plan): Plan {
  const { text, texts } = budget()
  // A list needs titles most.
  const titles = plan.operations.map(({ title }) => text(title))
  const { claim, policy } = plan
  return {
    ...plan,
    ...(claim && {
      claim: {
        ...claim,
        ...(claim.reason !== undefined && { reason: text(claim.reason) }),
        ...(claim.explanations && { explanations: texts(claim.explanations) }),
      },
    }),
    policy: { ...policy, rules: texts(policy.rules) },
    operations: plan.operations.map((operation, index) => {
      const { title, request, command, exec, warnings, impact, expectation } = operation
      return {
        ...operation,
        title: titles[index] ?? title,
        command: text(command),
        ...(exec && { exec: { ...exec, command: texts(exec.command) } }),
        warnings: texts(warnings),
        impact: texts(impact),
        expectation: { ...expectation, text: text(expectation.text) },
        changes: [],
        request: { ...request, body: null },
      }
    }),
  }
}

/** Outcomes without long results, such as what a command wrote. */
export function slimOutcomes(outcomes: readonly OperationOutcome[]): OperationOutcome[] {
  const { text } = budget()
  return outcomes.map((outcome) => {
    const { reason, result, verification } = outcome
    return {
      ...outcome,
      ...(reason !== undefined && { reason: text(reason) }),
      ...(result && { result: Object.fromEntries(Object.entries(result).map(slimMember)) }),
      ...(verification && { verification: { ...verification, text: text(verification.text) } }),
    }
  })

  function slimMember([name, value]: [string, unknown]): [string, unknown] {
    if (typeof value === 'string') return [name, text(value)]
    return [name, value !== null && typeof value === 'object' ? text(JSON.stringify(value)) : value]
  }
}

// Whole or not at all: of a text that is cut the sanitizer might no longer see what it is.
function budget() {
  let left = MOST_CHARACTERS
  const fits = (size: number) => {
    if (size > left) return false
    left -= size
    return true
  }
  return {
    text: (text: string) => (fits(text.length) ? text : `(left out of lists: ${text.length} characters)`),
    texts: (texts: readonly string[]) =>
      fits(texts.reduce((sum, one) => sum + one.length + 1, 0))
        ? [...texts]
        : [`(left out of lists: ${texts.length} texts)`],
  }
}
