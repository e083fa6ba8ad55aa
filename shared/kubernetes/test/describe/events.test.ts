import { describe, expect, it } from 'vitest'
import { mergeEvents } from '../../src/describe/events.ts'
import type { KubeEvent } from '../../src/describe/shapes.ts'

const now = Date.parse('2026-11-21T10:00:00Z')
const event = (reason: string, message: string, more: Partial<KubeEvent> = {}): KubeEvent => ({
  metadata: { name: 'e' },
  type: 'Warning',
  reason,
  message,
  lastTimestamp: '2026-11-21T09:59:00Z',
  involvedObject: { kind: 'ReplicaSet', name: 'web-7d' },
  ...more,
})

describe('mergeEvents', () => {
  it('counts messages that differ in names and numbers as one, and shows the newest', () => {
    const created = (pod: string, used: number, more: Partial<KubeEvent> = {}) =>
      event('FailedCreate', `Error creating: pods "web-7d-${pod}" is forbidden: used: pods=${used}`, more)
    const combined = event(
      'FailedCreate',
      '(combined from similar events): Error creating: pods "web-7d-zzzzz" is forbidden: used: pods=9',
      {
        count: 5,
        lastTimestamp: '2026-11-21T09:59:50Z',
      },
    )
    expect(
      mergeEvents(
        [created('aaaaa', 1), created('bbbbb', 2, { count: 3 }), combined],
        now,
        'ReplicaSet/web-7d',
      ),
    ).toEqual([
      {
        type: 'Warning',
        reason: 'FailedCreate',
        count: 9,
        last: '10s',
        message: 'Error creating: pods "web-7d-zzzzz" is forbidden: used: pods=9',
      },
    ])
  })

  it('merges a kubelet message that carries the uid of its pod', () => {
    const backOff = (pod: string, uid: string) =>
      event('BackOff', `Back-off restarting failed container c in pod web-7d-${pod}_shop(${uid})`)
    const merged = mergeEvents(
      [
        backOff('aaaaa', 'ac428c5c-a87a-4b71-a194-73e1d5d2cf62'),
        backOff('bbbbb', '25cdea29-3d82-4bf2-84dd-e3b340455b57'),
      ],
      now,
    )
    expect(merged.map(({ count }) => count)).toEqual([2])
  })

  it('keeps different faults apart, warnings first', () => {
    const merged = mergeEvents(
      [
        event('Pulled', 'ok', { type: 'Normal', lastTimestamp: '2026-11-21T10:00:00Z' }),
        event('Failed', 'a'),
        event('Failed', 'quite another'),
      ],
      now,
    )
    expect(merged.map(({ type, message }) => `${type} ${message}`)).toEqual([
      'Warning a',
      'Warning quite another',
      'Normal ok',
    ])
  })

  it('reads the time wherever the writer put it', () => {
    const series = { count: 7, lastObservedTime: '2026-11-21T09:59:30.000000Z' }
    const [merged] = mergeEvents(
      [event('X', 'y', { lastTimestamp: null, eventTime: '2026-11-21T09:00:00Z', series })],
      now,
    )
    expect(merged).toMatchObject({ count: 7, last: '30s' })
  })

  it('bounds a message and shows it on one line', () => {
    const [merged] = mergeEvents([event('X', `a\nb${' cc'.repeat(300)}`)], now)
    expect(merged?.message).toMatch(/^a b( cc)+…$/)
    expect(merged?.message.length).toBeGreaterThan(295)
    expect(merged?.message.length).toBeLessThanOrEqual(301)
  })
})
