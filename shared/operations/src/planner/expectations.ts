import type { KubeObject } from '@gatehouse/kubernetes'
import type { Expectation, PlannedChange } from '../plan.ts'

export const rolloutExpectation: Expectation = {
  check: 'rollout',
  text: 'the rollout is complete and its pods are available',
  timeoutSeconds: 300,
}

const ROLLING = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/**
 * What must be true after a write of a whole object: a workload has to get its pods up, anything else to be there. Goes
 * by what is shown to change, so that it tells no more than that.
 */
export function expectationOf(
  kind: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  changes: readonly PlannedChange[],
): Expectation {
  const rolls = !before || changes.some(({ path }) => /^spec\.(template|replicas)\b/.test(path))
  if (ROLLING.has(kind) && !isPaused(after) && rolls) return rolloutExpectation
  if (!before) return { check: 'exists', text: `the ${kind} is there`, timeoutSeconds: 30 }
  return { check: 'applied', text: 'the object is as approved and stays so', timeoutSeconds: 30 }
}

function isPaused(object: KubeObject | undefined): boolean {
  return Boolean(Object(object?.spec).paused)
}
