import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asGatehouseError,
  catalogue,
  didYouMean,
  type ErrorCode,
  GatehouseError,
  nearest,
} from '../src/index.ts'

const codes = Object.keys(catalogue) as ErrorCode[]

describe('the catalogue', () => {
  it.each(codes)('%s says what happened and what to do next', (code) => {
    const { http, text, hint } = catalogue[code]
    expect(http).toBeGreaterThanOrEqual(400)
    expect(http).toBeLessThan(600)
    expect(text).toMatch(/^[A-Z].*[^.]$/)
    expect(hint).toMatch(/^[A-Z].*[^.]$/)
    const error = new GatehouseError(code)
    expect(error).toMatchObject({ code, http, message: text, hint, data: {}, name: 'GatehouseError' })
  })
})

describe('GatehouseError', () => {
  it('carries what the thrower knows better', () => {
    const cause = new Error('10.0.0.1 refused')
    const error = new GatehouseError('NOT_FOUND', 'no pod "web"', {
      hint: 'Look',
      data: { nearest: ['w'] },
      cause,
    })
    expect(error).toMatchObject({
      message: 'no pod "web"',
      hint: 'Look',
      data: { nearest: ['w'] },
      http: 404,
    })
    expect(error.cause).toBe(cause)
  })

  it('anything else that was thrown becomes INTERNAL without its text', () => {
    for (const thrown of [
      new Error('password=hunter2'),
      'password=hunter2',
      undefined,
      { code: 'NOT_FOUND' },
    ]) {
      const error = asGatehouseError(thrown)
      expect(error.code).toBe('INTERNAL')
      expect(error.cause).toBe(thrown)
      expect(`${error.message}${error.hint}${JSON.stringify(error.data)}`).not.toContain('hunter2')
    }
  })

  it('stays itself when it passes twice', () => {
    const error = new GatehouseError('TIMEOUT')
    expect(asGatehouseError(error)).toBe(error)
  })
})

describe('nearest', () => {
  const pods = ['infra.k8s.pods.listPods', 'infra.k8s.pods.getPod', 'infra.k8s.deployments.listDeployments']

  it.each([
    ['infra.k8s.pods.listPod', 'infra.k8s.pods.listPods'],
    ['INFRA.K8S.PODS.GETPOD', 'infra.k8s.pods.getPod'],
    ['listDeployments', 'infra.k8s.deployments.listDeployments'],
  ])('%s offers %s first', (asked, expected) => expect(nearest(asked, pods)[0]).toBe(expected))

  it('offers nothing that is far away, and says nothing then', () => {
    expect(nearest('xyzzy', pods)).toEqual([])
    expect(didYouMean([])).toBe('')
    expect(didYouMean(['a', 'b'])).toBe('; did you mean a, b?')
  })

  it('offers only known names, at most as many as asked, in the same order each time', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), fc.nat(5), (asked, known, most) => {
        const found = nearest(asked, known, most)
        expect(found.length).toBeLessThanOrEqual(most)
        expect(found.every((name) => known.includes(name))).toBe(true)
        expect(nearest(asked, [...known].reverse(), most).sort()).toEqual(nearest(asked, known, most).sort())
      }),
    )
  })

  it('an exact name is first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{4,12}$/), { minLength: 1 }), (known) => {
        const [name = ''] = known
        expect(nearest(name, known)[0]?.includes(name)).toBe(true)
      }),
    )
  })

  it('a very long name costs no more than a long one', () => {
    expect(nearest('a'.repeat(1_000_000), ['a'.repeat(64)])).toHaveLength(1)
  })
})
