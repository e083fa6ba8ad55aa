import { GatehouseError } from '@gatehouse/errors'
import type { Resource } from '@gatehouse/kubernetes/single'
import { isBlockedKind } from '@gatehouse/policy'

const GROUPS = new Set(['', 'events.k8s.io'])

/** Whether objects of this kind are events, which may be about anything. */
export function isEvent({ plural, group }: Pick<Resource, 'plural' | 'group'>): boolean {
  return plural === 'events' && GROUPS.has(group)
}

function isAboutBlocked(event: Record<string, unknown>): boolean {
  return [event.involvedObject, event.regarding].some((about) => {
    const { kind, apiVersion } = (about ?? {}) as { kind?: unknown; apiVersion?: unknown }
    return isBlockedKind({ kind: String(kind), group: String(apiVersion ?? '').includes('/') ? 'other' : '' })
  })
}

/** The same of a printed row, which only has `kind/name`: kinds of other groups that share the name go with them. */
export function isRowAboutBlocked({ object }: Record<string, unknown>): boolean {
  return isBlockedKind({ kind: String(object).split('/', 1)[0] ?? '', group: '' })
}

/** @throws GatehouseError BLOCKED_BY_POLICY for an event about a Secret or a ConfigMap */
export function refuseAboutBlocked(resource: Resource, object: Record<string, unknown>): void {
  if (isEvent(resource) && isAboutBlocked(object)) {
    throw new GatehouseError('BLOCKED_BY_POLICY', 'This event is about a Secret or a ConfigMap')
  }
}
