import { GatehouseError } from '@gatehouse/errors'
import { neverTarget } from '@gatehouse/policy/gate'
import type { Operation } from '../operation.ts'
import type { Place } from './place.ts'
import { isRecord } from './plain-input.ts'

/**
 * Refuses what is never done, before the cluster is asked anything about it: an answer to a rehearsal could tell more
 * than the denial.
 * @throws GatehouseError BLOCKED_BY_POLICY with every reason
 */
export function assertNotNever(
  operation: Exclude<Operation, { type: 'switchContext' }>,
  place: Place,
  exists: boolean,
): void {
  const { group, resource, namespace, name } = place.target
  const reasons = neverTarget({ type: operation.type, group, resource, namespace, name, exists })
  if (group === '' && resource === 'secrets' && writesContent(operation)) {
    reasons.push('Content of Secrets is not written from here')
  }
  if (reasons.length === 0) return
  throw new GatehouseError('BLOCKED_BY_POLICY', [...new Set(reasons)].join('; '), {
    hint: 'Nobody was asked. docs/policy.md says what an operator can allow and what nobody can',
    data: { reasons },
  })
}

const OUTSIDE = new Set(['apiVersion', 'kind', 'metadata'])

function writesContent(operation: Operation): boolean {
  if (operation.type === 'create') return true
  if (operation.type === 'apply') return beyondMetadata(operation.object)
  if (operation.type !== 'patch') return false
  if (!Array.isArray(operation.patch)) return beyondMetadata(operation.patch)
  return !operation.patch.every((step: unknown) => {
    const { path, from } = Object(step)
    return typeof path === 'string' && from === undefined && path.startsWith('/metadata/')
  })
}

function beyondMetadata(object: unknown): boolean {
  return !isRecord(object) || Object.keys(object).some((key) => !OUTSIDE.has(key))
}
