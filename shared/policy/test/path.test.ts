import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deniedRead, isMutating } from '../src/index.ts'
import { parsePath } from '../src/path.ts'

describe('parsePath reads a path as the API server does', () => {
  it.each([
    ['/api/v1/pods', { root: 'api', group: '', resource: 'pods' }],
    ['/api/v1/namespaces', { root: 'api', group: '', resource: 'namespaces' }],
    ['/api/v1/namespaces/a', { root: 'api', group: '', namespace: 'a', resource: 'namespaces', name: 'a' }],
    [
      '/api/v1/namespaces/a/status',
      { root: 'api', group: '', namespace: 'a', resource: 'namespaces', name: 'a', subresource: 'status' },
    ],
    ['/api/v1/namespaces/a/pods', { root: 'api', group: '', namespace: 'a', resource: 'pods' }],
    [
      '/api/v1/namespaces/a/pods/b/log',
      { root: 'api', group: '', namespace: 'a', resource: 'pods', name: 'b', subresource: 'log' },
    ],
    [
      '/api/v1/nodes/n/proxy/metrics',
      { root: 'api', group: '', resource: 'nodes', name: 'n', subresource: 'proxy' },
    ],
    ['/api/v1/watch/secrets', { root: 'api', group: '', resource: 'secrets' }],
    [
      '/api/v1/watch/namespaces/a/secrets/s',
      { root: 'api', group: '', namespace: 'a', resource: 'secrets', name: 's' },
    ],
    ['/api/v1/proxy/nodes/n', { root: 'api', group: '', resource: 'nodes', name: 'n', subresource: 'proxy' }],
    [
      '/apis/apps/v1/namespaces/a/deployments/d/scale',
      {
        root: 'apis',
        group: 'apps',
        namespace: 'a',
        resource: 'deployments',
        name: 'd',
        subresource: 'scale',
      },
    ],
    ['/apis/apps/v1', { root: 'apis', group: 'apps' }],
    ['/version', { root: 'version', group: '' }],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      { root: 'apis', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: 'system:node' },
    ],
  ])('%s', (path, expected) => {
    expect(JSON.parse(JSON.stringify(parsePath(path)))).toEqual(expected)
  })

  it.each([
    '',
    'api/v1/pods',
    '//api/v1/pods',
    '/api//v1/pods',
    '/api/v1/pods/',
    '/api/v1/../v1/pods',
    '/api/v1/./pods',
    '/api/v1/%2e%2e/pods',
    '/api/v1/%2E/pods',
    '/api/v1/pods%2Fx',
    '/api/v1/pods/a%2fexec',
    '/api/v1/pods/a%5cexec',
    '/api/v1/pods/a\\exec',
    '/api/v1/pods?watch=1',
    '/api/v1/pods%3Fwatch=1',
    '/api/v1/pods#x',
    '/api/v1/pods%00',
    '/api/v1/pods/%0d%0aHost:%20x',
    '/api/v1/pods\r\nx',
    '/api/v1/pods/a b',
    '/api/v1/pods/%E0%A4%A',
    '/api/v1/pods/%zz',
    '/api/v1/pods/%2565xec',
    '/api/v1/pods/é',
  ])('%j is not plain, is refused and counts as mutating', (path) => {
    const request = { method: 'GET', path, query: new URLSearchParams(), body: undefined }
    expect(parsePath(path)).toBeUndefined()
    expect(deniedRead(request)).toBe('the path is not plain')
    expect(isMutating(request)).toBe(true)
  })

  it('never throws and never sees a separator inside a segment', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'api',
        'v1',
        'namespaces',
        'pods',
        'exec',
        '..',
        '%2e%2e',
        '%2F',
        '',
        'secrets',
        '%',
        '?',
      ),
      fc.string({ maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const parsed = parsePath(`/${pieces.join('/')}`)
        for (const value of Object.values(parsed ?? {})) expect(value ?? 'x').toMatch(/^[^/\\?#%]*$/)
      }),
    )
  })
})
