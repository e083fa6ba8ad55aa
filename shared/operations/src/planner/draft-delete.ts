import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { JSON_BODY } from '../bound-request.ts'
import type { Expectation } from '../plan.ts'
import { type Draft, type Drafting, nameOf, type OperationOf } from './draft.ts'

// Its end has begun: a second request would change nothing.
function assertNotEnding({ place, live }: Drafting): void {
  if (!live?.metadata.deletionTimestamp) return
  throw new GatehouseError(
    'NO_CHANGE',
    `${nameOf(place)} is being deleted since ${live.metadata.deletionTimestamp}`,
  )
}

/** Ends one object, and by default in the background what belongs to it. */
export function draftDelete(operation: OperationOf<'delete'>, drafting: Drafting): Draft {
  const { place, live } = drafting
  assertNotEnding(drafting)
  const { propagation = 'Background' } = operation
  const grace = graceOf(operation.gracePeriodSeconds)
  const orphans = propagation === 'Orphan' ? ', leaving what belongs to it' : ''
  return {
    request: {
      method: 'DELETE',
      path: place.path,
      query: {},
      contentType: JSON_BODY,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: propagation, ...grace },
    },
    given: {},
    title: `Delete ${nameOf(place)}${orphans}`,
    expectation: () => endOf(live),
    typedName: true,
    image: 'none',
    warnings: goingWarnings(live),
  }
}

/** Asks for the end of one pod, as far as its disruption budgets allow it. */
export function draftEvict(operation: OperationOf<'evict'>, drafting: Drafting): Draft {
  const { place, live } = drafting
  assertNotEnding(drafting)
  const grace = graceOf(operation.gracePeriodSeconds)
  return {
    request: {
      method: 'POST',
      path: `${place.path}/eviction`,
      query: {},
      contentType: JSON_BODY,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: place.name, namespace: place.namespace },
        deleteOptions: { ...grace },
      },
    },
    given: {},
    title: `Evict ${nameOf(place)}`,
    expectation: () => endOf(live),
    typedName: false,
    image: 'none',
    warnings: goingWarnings(live),
  }
}

function graceOf(seconds: number | undefined): { gracePeriodSeconds?: number } {
  if (seconds === undefined) return {}
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400) return { gracePeriodSeconds: seconds }
  throw new GatehouseError('INVALID_INPUT', 'gracePeriodSeconds: a whole number from 0 to 86400')
}

function endOf(live: KubeObject | undefined): Expectation {
  const owner = live?.metadata.ownerReferences?.find(({ controller }) => controller)
  if (live?.kind === 'Pod' && owner && owner.kind !== 'Job') {
    return {
      check: 'replaced',
      text: `${owner.kind} ${owner.name} has a new pod, ready`,
      timeoutSeconds: 180,
    }
  }
  return { check: 'gone', text: 'it is gone', timeoutSeconds: 120 }
}

function goingWarnings(live: KubeObject | undefined): string[] {
  const { finalizers } = live?.metadata ?? { name: '' }
  const held = Array.isArray(finalizers) && finalizers.length > 0
  return [...(held ? [`Finalizers hold it until others have cleaned up: ${finalizers.join(', ')}`] : [])]
}
