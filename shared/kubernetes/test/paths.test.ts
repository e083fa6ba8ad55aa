import { GatehouseError } from '@gatehouse/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkName, checkNamespace, pathOf } from '../src/client/paths.ts'
import type { Resource } from '../src/discovery/discovery.ts'

const pods: Resource = {
  group: '',
  version: 'v1',
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list'],
}

describe('pathOf', () => {
  it('makes the paths of the API', () => {
    const deployments = { ...pods, group: 'apps', apiVersion: 'apps/v1', plural: 'deployments' }
    expect(pathOf(pods)).toBe('/api/v1/pods')
    expect(pathOf(pods, 'shop', 'web-1', 'log')).toBe('/api/v1/namespaces/shop/pods/web-1/log')
    expect(pathOf(deployments, 'shop')).toBe('/apis/apps/v1/namespaces/shop/deployments')
    expect(pathOf({ ...pods, namespaced: false, plural: 'nodes' }, 'ignored', 'n1')).toBe('/api/v1/nodes/n1')
  })

  it('never lets a name end, extend or climb out of its segment', () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.stringMatching(/^[a-z./%?#&; -]{1,20}$/),
      fc.constantFrom('..', '.', 'a/../b', 'a%2f..', 'a?x=1', 'a#b', ' a', '-a', 'a\0b', 'ä', 'a\nb', ''),
    )
    fc.assert(
      fc.property(hostile, hostile, (namespace, name) => {
        let made: string
        try {
          made = pathOf(pods, namespace || 'default', name)
        } catch (error) {
          return error instanceof GatehouseError && error.code === 'INVALID_INPUT'
        }
        const segments = new URL(made, 'http://x').pathname.split('/')
        return segments.length === 7 && decodeURIComponent(segments[6] ?? '') === name && !made.includes('?')
      }),
      { numRuns: 2000 },
    )
  })

  it('says what a name may be, without repeating what cannot be printed', () => {
    expect(() => checkNamespace('a b')).toThrow('namespace: "a b" cannot be the name of a namespace')
    expect(() => checkName('x\0y')).toThrow('name: "x?y" cannot be the name of an object')
    expect(() => checkName('x'.repeat(300))).toThrow(/name: "x{40}…"/)
    expect(checkName('system:node:a')).toBe('system:node:a')
  })
})
