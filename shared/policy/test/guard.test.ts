import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiRequest, deniedRead, guard, isMutating, profiles } from '../src/index.ts'

const { standard, strict } = profiles

function request(method: string, path: string, query = '', body?: string): ApiRequest {
  return { method, path, query: new URLSearchParams(query), body }
}
const refused = (sent: ApiRequest, profile = standard) => {
  try {
    guard(sent, profile)
    return undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'BLOCKED_BY_POLICY' })
    return (error as Error).message
  }
}

const POD = '/api/v1/namespaces/shop/pods/web'

describe('what may change a cluster', () => {
  it.each([
    ['GET', POD, '', undefined, false],
    ['GET', '/api/v1/pods', 'watch=true', undefined, false],
    ['get', POD, '', undefined, true],
    ['HEAD', POD, '', undefined, true],
    ['POST', '/api/v1/namespaces/shop/pods', '', '{}', true],
    ['POST', '/api/v1/namespaces/shop/pods', 'dryRun=All', '{}', false],
    ['PATCH', POD, 'dryRun=All&fieldManager=x', '{}', false],
    ['PATCH', POD, 'dryRun=all', '{}', true],
    ['PATCH', POD, 'DryRun=All', '{}', true],
    ['PATCH', POD, 'dryrun=All', '{}', true],
    ['PATCH', POD, 'dryRun=', '{}', true],
    ['PATCH', POD, 'dryRun=All&dryRun=', '{}', true],
    ['PATCH', POD, 'dryRun=All&dryRun=All', '{}', true],
    ['PATCH', POD, 'dryRun=All%20', '{}', true],
    ['PATCH', POD, 'dryRun%00=All', '{}', true],
    ['PATCH', POD, 'dryRun[]=All', '{}', true],
    ['PATCH', POD, 'x=dryRun%3DAll', '{}', true],
    ['DELETE', POD, '', undefined, true],
    ['DELETE', POD, 'dryRun=All', undefined, false],
    ['DELETE', POD, 'dryRun=All', '', false],
    ['DELETE', POD, 'dryRun=All', '{}', true],
    ['DELETE', POD, 'dryRun=All', '{"dryRun":[]}', true],
    ['DELETE', POD, 'dryRun=All', '{"dryRun":["All"]}', false],
    ['DELETE', POD, '', '{"dryRun":["All"]}', true],
    ['DELETE', POD, 'dryRun=All', 'dryRun: [All]', true],
    ['DELETE', POD, 'dryRun=All', 'null', true],
    ['POST', '/api/v1/namespaces/shop/serviceaccounts/default/token', 'dryRun=All', '{}', true],
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '', '{}', false],
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', '', '{}', false],
    ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '', '{}', false],
    ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', '', '{}', true],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews', '', '{}', true],
    ['POST', '/apis/example.com/v1/selfsubjectaccessreviews', '', '{}', true],
    ['PUT', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '', '{}', true],
    ['POST', '/api/authorization.k8s.io/v1/selfsubjectaccessreviews', '', '{}', true],
  ])('%s %s ?%s %j: %s', (method, path, query, body, mutating) => {
    expect(isMutating(request(method, path, query, body))).toBe(mutating)
  })

  it.each(['exec', 'attach', 'portforward', 'proxy'])(
    '%s is mutating whatever the verb and the query',
    (sub) => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        for (const path of [
          `${POD}/${sub}`,
          `/api/v1/nodes/n/${sub}`,
          `${POD}/%${sub.charCodeAt(0).toString(16)}${sub.slice(1)}`,
          `/api/v1/watch/namespaces/shop/pods/web/${sub}`,
          `${POD}/${sub}/healthz`,
        ]) {
          expect(isMutating(request(method, path, 'dryRun=All')), `${method} ${path}`).toBe(true)
          expect(refused(request(method, path, 'dryRun=All'))).toBeDefined()
        }
      }
    },
  )

  it.each(['exec', 'attach', 'portforward', 'proxy', 'token'])(
    'an object or namespace called %s can be read',
    (name) => {
      for (const path of [
        `/api/v1/namespaces/shop/services/${name}`,
        `/api/v1/namespaces/${name}/pods`,
        `/apis/apps/v1/namespaces/${name}/deployments/${name}`,
        `/api/v1/namespaces/shop/serviceaccounts/${name}`,
        `/api/v1/namespaces/shop/pods/${name}/log`,
      ]) {
        expect(refused(request('GET', path)), path).toBeUndefined()
      }
    },
  )
})

describe('denied reads', () => {
  it.each([
    ['/metrics', 'raw paths are not read'],
    ['/healthz', 'raw paths are not read'],
    ['/logs/kube-apiserver.log', 'raw paths are not read'],
    ['/debug/pprof', 'raw paths are not read'],
    ['/openapi/v2', 'raw paths are not read'],
    ['/openapi', 'raw paths are not read'],
    ['/apix/v1/secrets', 'raw paths are not read'],
    ['/.well-known/openid-configuration', 'raw paths are not read'],
    ['/api/v1/nodes/n/proxy/configz', 'proxy sub-resources are not read'],
    ['/api/v1/namespaces/a/services/https%3Aweb%3A443/proxy/', 'the path is not plain'],
    ['/api/v1/namespaces/a/services/https%3Aweb%3A443/proxy', 'proxy sub-resources are not read'],
    ['/api/v1/namespaces/a/serviceaccounts/default/token', 'tokens are not requested'],
  ])('%s: %s', (path, reason) => {
    expect(deniedRead(request('GET', path))).toBe(reason)
    expect(refused(request('GET', path))).toContain(reason)
  })

  it.each(['/api', '/apis', '/version', '/livez', '/readyz', '/openapi/v3', '/openapi/v3/apis/apps/v1'])(
    '%s is read',
    (path) => expect(refused(request('GET', path))).toBeUndefined(),
  )

  it('stand for the executor as well', () => {
    expect(() => guard(request('POST', '/api/v1/nodes/n/proxy/run'), standard, true)).toThrow(/proxy/)
  })
})

describe('the strict profile', () => {
  const hidden = ['secrets', 'configmaps']
  it.each(hidden)('refuses %s by every path that reaches them', (plural) => {
    for (const path of [
      `/api/v1/${plural}`,
      `/api/v1/namespaces/a/${plural}`,
      `/api/v1/namespaces/a/${plural}/x`,
      `/api/v1/watch/${plural}`,
      `/api/v1/watch/namespaces/a/${plural}/x`,
      `/api/v1/namespaces/a/%${plural.charCodeAt(0).toString(16)}${plural.slice(1)}/x`,
      `/api/v1//${plural}`,
      `/api/v1/namespaces/a//${plural}`,
      `//api/v1/namespaces/a/${plural}`,
      `/api/v1/namespaces/a/pods/../${plural}`,
    ]) {
      expect(refused(request('GET', path), strict), path).toBeDefined()
      expect(() => guard(request('GET', path), strict, true), path).toThrow()
    }
  })

  it.each([
    '/api/v1/pods',
    '/api/v1/nodes/n',
    '/api/v1/namespaces',
    '/api/v1/namespaces/a',
    '/apis/apps/v1/deployments',
    '/api/v1/watch/pods',
  ])('refuses %s, which no namespace bounds', (path) =>
    expect(refused(request('GET', path), strict)).toMatch(/cluster-wide/),
  )

  it.each(['/api/v1/nodes/namespaces', '/api/v1/nodes/namespaces/status'])(
    'is not fooled by the name in %s',
    (path) => expect(refused(request('GET', path), strict)).toMatch(/cluster-wide/),
  )

  it.each(['/api/v1/namespaces/a/pods', '/apis/apps/v1/namespaces/a/deployments', '/apis', '/version'])(
    'reads %s',
    (path) => expect(refused(request('GET', path), strict)).toBeUndefined(),
  )
})

describe('for any request', () => {
  const segment = fc.constantFrom(
    ...[
      'api',
      'apis',
      'apps',
      'v1',
      'namespaces',
      'shop',
      'pods',
      'web',
      'secrets',
      'exec',
      'proxy',
      'token',
    ],
    ...['watch', 'serviceaccounts', '%65xec', 'e%78ec', '..', '.', '%2e%2e', '', 'pods%2Fexec', 'status'],
  )
  const path = fc.array(segment, { maxLength: 9 }).map((segments) => `/${segments.join('/')}`)
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'delete')
  const query = fc.array(
    fc.tuple(fc.constantFrom('dryRun', 'dryrun', 'watch', 'x'), fc.constantFrom('All', 'all', '', 'None')),
    { maxLength: 3 },
  )
  const body = fc.constantFrom(undefined, '', '{}', '{"dryRun":["All"]}', '{"dryRun":["All","All"]}', '[')

  it('the guard lets nothing through that can change a cluster', () => {
    fc.assert(
      fc.property(method, path, query, body, (verb, at, pairs, sent) => {
        const one = { method: verb, path: at, query: new URLSearchParams(pairs), body: sent }
        if (refused(one) !== undefined) return
        const decoded = at.split('/').map(decodeURIComponent)
        expect(decoded).not.toContain('..')
        expect(at).not.toContain('//')
        if (verb === 'GET') return
        // Everything else that passes says dryRun=All, exactly once, and its body does not say otherwise.
        expect(one.query.getAll('dryRun')).toEqual(['All'])
        if (verb.toUpperCase() === 'DELETE' && sent) expect(JSON.parse(sent)).toEqual({ dryRun: ['All'] })
      }),
      { numRuns: 3000 },
    )
  })

  it('strict refuses whatever standard refuses', () => {
    fc.assert(
      fc.property(method, path, query, body, (verb, at, pairs, sent) => {
        const one = { method: verb, path: at, query: new URLSearchParams(pairs), body: sent }
        if (refused(one) !== undefined) expect(refused(one, strict)).toBeDefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('a text of any kind as a path never gets an unexpected error', () => {
    fc.assert(fc.property(fc.string(), (at) => void refused(request('GET', at), strict)))
  })
})
