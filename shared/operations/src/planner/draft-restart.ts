import { GatehouseError } from '@gatehouse/errors'
import type { Workload } from '@gatehouse/kubernetes/planning'
import { MERGE } from '../bound-request.ts'
import { MARKER } from '../marker.ts'
import { type Draft, type Drafting, nameOf, WRITER } from './draft.ts'
import { rolloutExpectation } from './expectations.ts'

const RESTARTED = 'kubectl.kubernetes.io/restartedAt'

/** Restarts by a time in the pod template, the moment of planning: sent twice, it is still one restart. */
export function draftRestart({ place, live, marker, now }: Drafting): Draft {
  assertRollable(place.resource.kind, live, 'restarted')
  const annotations = { [RESTARTED]: now.toISOString().replace(/\.\d+Z$/, 'Z') }
  return {
    request: {
      method: 'PATCH',
      path: place.path,
      query: WRITER,
      contentType: MERGE,
      body: {
        metadata: { annotations: { [MARKER]: marker } },
        spec: { template: { metadata: { annotations } } },
      },
    },
    given: {},
    title: `Restart all pods of ${nameOf(place)}, one after another`,
    expectation: () => rolloutExpectation,
    typedName: false,
    image: 'object',
    warnings: strategyWarnings(live),
  }
}

/** Throws INVALID_INPUT for kinds without rollouts and for paused ones, where nothing would happen. */
export function assertRollable(kind: string, live: Workload | undefined, what: string): void {
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) {
    throw new GatehouseError('INVALID_INPUT', `kind: a ${kind} cannot be ${what}`, {
      hint: 'Deployments, StatefulSets and DaemonSets can',
    })
  }
  if (live?.spec?.paused) {
    throw new GatehouseError(
      'INVALID_INPUT',
      `The rollout is paused: nothing is ${what} until it is resumed`,
      {
        hint: 'Resume it first: patch spec.paused to false',
      },
    )
  }
}

export function strategyWarnings(live: Workload | undefined): string[] {
  const { strategy, updateStrategy } = live?.spec ?? {}
  const type = (strategy ?? updateStrategy)?.type
  if (type === 'OnDelete') return ['Its update strategy is OnDelete: pods change only when each is deleted']
  return type === 'Recreate' ? ['Its strategy is Recreate: all pods end before the first new one starts'] : []
}
