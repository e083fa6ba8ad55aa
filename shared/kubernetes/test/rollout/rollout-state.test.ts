import { describe, expect, it } from 'vitest'
import { revisionsOf } from '../../src/rollout/revisions.ts'
import { rolloutState } from '../../src/rollout/rollout-state.ts'

const deployment = (status: object, spec: object = {}, reason = 'ReplicaSetUpdated') => ({
  metadata: { name: 'web', generation: 2, annotations: { 'deployment.kubernetes.io/revision': '3' } },
  spec: { replicas: 3, ...spec },
  status: { observedGeneration: 2, conditions: [{ type: 'Progressing', status: 'True', reason }], ...status },
})
const full = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 }

describe('rolloutState', () => {
  it.each([
    ['complete', deployment(full), /^3 of 3 replicas updated and available$/],
    ['complete', deployment({}, { replicas: 0 }), /^0 of 0/],
    ['progressing', deployment({ ...full, observedGeneration: 1 }), /not yet seen/],
    ['progressing', deployment({ ...full, updatedReplicas: 1 }), /^1 of 3 replicas updated$/],
    ['progressing', deployment({ ...full, replicas: 4 }), /^1 old replicas still to be ended$/],
    ['progressing', deployment({ ...full, availableReplicas: 1 }), /^1 of 3 replicas available$/],
    [
      'degraded',
      deployment({ ...full, availableReplicas: 1 }, {}, 'NewReplicaSetAvailable'),
      /was complete, but now 1 of 3/,
    ],
    [
      'stuck',
      deployment({ ...full, updatedReplicas: 1 }, {}, 'ProgressDeadlineExceeded'),
      /deadline has passed/,
    ],
    ['paused', deployment({ ...full, updatedReplicas: 1 }, { paused: true }), /^paused with 1 of 3/],
    ['progressing', deployment({}), /^0 of 3 replicas updated$/],
  ])('is %s', (state, object, summary) => {
    expect(rolloutState(object)).toEqual({ state, summary: expect.stringMatching(summary) })
  })
})

describe('revisionsOf', () => {
  const set = (revision: number, image: string, more: object = {}) => ({
    metadata: {
      name: `web-${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: 'web', 'pod-template-hash': `h${revision}` } },
        spec: { containers: [{ name: 'web', image, ...more }] },
      },
    },
  })

  it('goes newest first, by number, and tells what separates each from the current one', () => {
    const sets = [set(2, 'w:1', { command: ['x'] }), set(10, 'w:0'), set(3, 'w:2')]
    const revisions = revisionsOf(deployment(full), sets, 0)
    expect(revisions.map((one) => [one.revision, one.current])).toEqual([
      [10, false],
      [3, true],
      [2, false],
    ])
    expect(revisions[1]?.differs).toEqual([])
    expect(revisions[2]?.differs).toEqual([
      { path: 'spec.containers[web].command', old: '["x"]' },
      { path: 'spec.containers[web].image', old: 'w:1', new: 'w:2' },
    ])
  })

  it('counts the differences it leaves out', () => {
    const env = Array.from({ length: 40 }, (_, index) => ({ name: `V${index}`, value: 'x' }))
    const [, old] = revisionsOf(deployment(full), [set(3, 'w'), set(1, 'w', { env })], 0)
    expect(old?.differs).toHaveLength(15)
    expect(old?.more).toBe(25)
  })

  it('shows ten revisions at most and none without ReplicaSets', () => {
    const sets = Array.from({ length: 12 }, (_, index) => set(index, 'w'))
    expect(revisionsOf(deployment(full), sets, 0)).toHaveLength(10)
    expect(revisionsOf(deployment(full), [], 0)).toEqual([])
  })
})
