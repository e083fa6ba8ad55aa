import { canonicalJson, digestOf } from '@gatehouse/audit'
import type { Plan, PlannedOperation } from '@gatehouse/operations'

/** What an approval is bound to: every byte of the plan. */
export function planDigest(plan: Plan): string {
  return planDigestOfText(canonicalJson(plan))
}

export function planDigestOfText(canonicalPlan: string): string {
  return digestOf('plan/1', canonicalPlan)
}

/** Equal for two plans of the same change of the same thing by the same requester, whenever they were made. */
export function contentDigest({ operations, identity, requester, tool, policy }: Plan): string {
  const { subject, kind, behind } = requester
  const content = { operations: operations.map(contentOf), identity, subject, kind, behind, tool, policy }
  return digestOf('content/1', canonicalJson(content))
}

// Marker, salt, frozen times and the digests mixed with them differ between two plans of one change.
function contentOf(operation: PlannedOperation) {
  const { type, target, intent, uid, binding, exec, switch: context } = operation
  const resourceVersion = binding === 'strict' ? operation.resourceVersion : undefined
  return { type, target, intent, uid, binding, exec, context, resourceVersion }
}
