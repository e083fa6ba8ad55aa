import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serviceSelects } from '../../src/describe/labels.ts'
import { nearMatches, nearMatchText } from '../../src/describe/near-match.ts'

const pod = (name: string, labels: Record<string, string>) => ({ name, labels })

describe('nearMatches', () => {
  it('names the one label that differs, equal pods as one', () => {
    const near = nearMatches({ app: 'web', tier: 'back-end' }, [
      pod('b', { app: 'web', tier: 'backend', hash: '2' }),
      pod('a', { app: 'web', tier: 'backend', hash: '1' }),
      pod('other', { app: 'db' }),
    ])
    expect(near.map(nearMatchText)).toEqual([
      '2 pods (a, b) nearly match: label tier is "backend", the selector wants "back-end"',
    ])
  })

  it('finds the wanted value under another key', () => {
    const [near] = nearMatches({ app: 'web' }, [pod('a', { 'app.kubernetes.io/name': 'web' })])
    expect(near && nearMatchText(near)).toBe(
      '1 pod (a) nearly matches: has no label app, the selector wants "web", though app.kubernetes.io/name is "web"',
    )
  })

  it('puts a single typing mistake before two differences', () => {
    const near = nearMatches({ app: 'web', track: 'stable', zone: 'eu' }, [
      pod('far', { app: 'web' }),
      pod('close', { app: 'web', track: 'stabel', zone: 'eu' }),
    ])
    expect(near.map(({ pods }) => pods[0])).toEqual(['close', 'far'])
  })

  it('says nothing about pods that have nothing in common', () => {
    expect(nearMatches({ app: 'web' }, [pod('a', { app: 'postgres' }), pod('b', {})])).toEqual([])
  })

  it('never calls a pod near that the selector finds', () => {
    const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'x'), fc.constantFrom('web', 'wep', 'db'))
    fc.assert(
      fc.property(labels, fc.array(labels), (selector, all) => {
        const pods = all.map((one, index) => pod(`p${index}`, one))
        const near = new Set(nearMatches(selector, pods, 99).flatMap((one) => one.pods))
        for (const one of pods)
          if (serviceSelects(selector, one.labels)) expect(near.has(one.name)).toBe(false)
      }),
    )
  })
})
