import { describe, expect, it } from 'vitest'
import { createFailure, whyForbidden } from '../../src/describe/create-failure.ts'

describe('whyForbidden', () => {
  it('gives the numbers of an exceeded quota', () => {
    const message =
      'Error creating: pods "web-1-x" is forbidden: exceeded quota: compute, requested: pods=1,cpu=500m, used: pods=2,cpu=1, limited: pods=2,cpu=1'
    expect(whyForbidden(message)).toBe(
      'quota "compute" is exceeded: requested pods=1,cpu=500m, used pods=2,cpu=1, limited to pods=2,cpu=1; raise the ResourceQuota or free some of it',
    )
  })

  it('says what a quota wants every container to state', () => {
    const message =
      'pods "a" is forbidden: failed quota: compute: must specify limits.cpu for: app; limits.memory for: app'
    expect(whyForbidden(message)).toContain(
      'quota "compute" requires every container to state limits.cpu for: app',
    )
  })

  it('passes on what it does not know', () => {
    const message =
      'Error creating: pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged'
    expect(whyForbidden(message)).toBe('violates PodSecurity "restricted:latest": privileged')
    expect(whyForbidden('serviceaccount "x" not found')).toBe('serviceaccount "x" not found')
  })
})

describe('createFailure', () => {
  const now = Date.parse('2026-11-21T10:00:00Z')
  const condition = { type: 'ReplicaFailure', status: 'True', message: 'pods "a" is forbidden: no' }

  it('stands on the condition once the events have expired', () => {
    expect(createFailure(['web-1'], [condition], [], now)).toBe('Its controller cannot create pods: no')
  })

  it('does not take the events of another controller', () => {
    const event = {
      metadata: { name: 'e' },
      reason: 'FailedCreate',
      message: 'no room',
      involvedObject: { kind: 'ReplicaSet', name: 'other-1' },
    }
    expect(createFailure(['web-1'], [], [event], now)).toBeUndefined()
  })
})
