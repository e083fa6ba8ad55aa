import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiRequest, guard, profiles } from '../src/index.ts'

const request = (line: string, body?: unknown): ApiRequest => {
  const [method = '', path = ''] = line.split(' ')
  return {
    method,
    path,
    query: new URLSearchParams(),
    body: body === undefined ? undefined : JSON.stringify(body),
  }
}
// As the executor sends it.
const refused = (line: string, body?: unknown, profile = profiles.standard) => {
  try {
    guard(request(line, body), profile, true)
    return undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'BLOCKED_BY_POLICY' })
    return (error as Error).message
  }
}
const NS = '/api/v1/namespaces/shop'
const named = (name: string) => ({ metadata: { name } })

describe('under the Kubernetes client, for the executor too', () => {
  it.each<[string, unknown, RegExp]>([
    [`DELETE ${NS}/pods`, undefined, /one named object/i],
    ['DELETE /api/v1/pods', undefined, /one named object/i],
    [`DELETE ${NS}/pods/web/eviction`, undefined, /one named object/i],
    ['DELETE /api/v1/namespaces/shop', undefined, /never deleted/],
    ['DELETE /api/v1/nodes/n1', undefined, /never deleted/],
    ['DELETE /api/v1/persistentvolumes/v', undefined, /never deleted/],
    [`DELETE ${NS}/persistentvolumeclaims/c`, undefined, /never deleted/],
    ['DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/x.y', undefined, /never deleted/],
    ['DELETE /api/v1/namespaces/kube-system/pods/dns', undefined, /kube-system/],
    ['PATCH /apis/apps/v1/namespaces/kube-system/deployments/dns', {}, /kube-system/],
    ['POST /api/v1/namespaces/kube-public/configmaps', named('a'), /kube-public/],
    ['PATCH /apis/apps/v1/namespaces/gatehouse/deployments/remediation', {}, /Gatehouse runs/],
    ['POST /api/v1/namespaces', named('kube-mine'), /kube-mine/],
    ['POST /api/v1/nodes', named('n'), /Nodes are not made/],
    [`POST ${NS}/secrets`, named('s'), /Secrets/],
    [`PUT ${NS}/secrets/s`, { data: {} }, /Secrets/],
    [`PATCH ${NS}/secrets/s`, { data: { a: 'b' } }, /Secrets/],
    [`PATCH ${NS}/secrets/s`, { metadata: { labels: {} }, stringData: {} }, /Secrets/],
    [`PATCH ${NS}/secrets/s`, [{ op: 'replace', path: '/data/a', value: 'b' }], /Secrets/],
    [`PATCH ${NS}/secrets/s`, [{ op: 'copy', from: '/data/a', path: '/metadata/labels/a' }], /Secrets/],
    [`PATCH ${NS}/secrets/s`, undefined, /no JSON/],
    [`DELETE ${NS}/secrets/sh.helm.release.v1.web.v1`, undefined, /Helm/],
    [`POST ${NS}/serviceaccounts/default/token`, {}, /tokens/],
    [`POST ${NS}/pods/web/proxy`, {}, /proxy/],
    [`POST ${NS}/pods/web/attach`, {}, /not sent/],
    [`POST ${NS}/pods/web/portforward`, {}, /not sent/],
    [`POST ${NS}/pods/web/binding`, {}, /not sent/],
    [`PATCH ${NS}/pods/web/ephemeralcontainers`, {}, /not sent/],
    [`PATCH ${NS}/pods/web/status`, {}, /not sent/],
    ['PUT /api/v1/namespaces/shop/finalize', {}, /not sent/],
    [`POST ${NS}/bindings`, named('a'), /not bound/],
    [`POST ${NS}/configmaps`, { metadata: { generateName: 'a-' } }, /its own name/],
    [`POST ${NS}/configmaps/a`, named('a'), /exactly one/],
    [`PATCH ${NS}/configmaps`, {}, /exactly one/],
    ['POST /apis/rbac.authorization.k8s.io/v1/clusterroles', named('a'), /RBAC/],
    ['PATCH /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/a', {}, /RBAC/],
    ['DELETE /apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/a', undefined, /Roles/],
    ['PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/a', {}, /Roles/],
    ['POST /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', named('a'), /Admission/],
    ['DELETE /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/a', undefined, /Admission/],
    ['POST /apis/certificates.k8s.io/v1/certificatesigningrequests', named('a'), /Certificate/],
    ['PUT /apis/certificates.k8s.io/v1/certificatesigningrequests/a/approval', {}, /not sent|Certificate/],
    ['POST /apis/authentication.k8s.io/v1/tokenreviews', named('a'), /Tokens/],
    ['PUT /apis/apiregistration.k8s.io/v1/apiservices/a', {}, /Aggregated/],
    [`EXEC ${NS}/pods/web`, {}, /not possible|not sent/],
    ['POST /api/v1', {}, /addresses no object/],
    ['POST /api/namespaces/kube-system', named('a'), /addresses no object/],
    ['PATCH /api/v1/watch/namespaces/shop/pods/web', {}, /addresses no object/],
  ])('%s %j is refused', (line, body, reason) => expect(refused(line, body)).toMatch(reason))

  it.each<[string, unknown]>([
    [`DELETE ${NS}/pods/web`, { preconditions: { uid: 'u' } }],
    [`DELETE ${NS}/secrets/s`, undefined],
    [`PATCH ${NS}/secrets/s`, { metadata: { labels: { a: 'b' } } }],
    [`PATCH ${NS}/secrets/s`, [{ op: 'add', path: '/metadata/labels/a', value: 'b' }]],
    [`POST ${NS}/configmaps`, named('a')],
    ['POST /api/v1/namespaces', named('team-a')],
    ['PATCH /api/v1/nodes/n1', { spec: { unschedulable: true } }],
    [`POST ${NS}/pods/web/eviction`, { metadata: { name: 'web' } }],
    [`POST ${NS}/pods/web/exec`, undefined],
    [`GET ${NS}/pods/web/exec`, undefined],
    ['PATCH /apis/apps/v1/namespaces/shop/deployments/web', {}],
    ['PUT /apis/apps/v1/namespaces/shop/deployments/web/scale', {}],
    ['POST /apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles', named('reader')],
  ])('%s %j may be sent after approval', (line, body) => {
    expect(refused(line, body)).toBeUndefined()
    expect(() => guard(request(line, body), profiles.standard)).toThrow(/only sent after approval/)
  })

  it('knows the namespaces of this installation', () => {
    const own = { ...profiles.standard, ownNamespaces: new Set(['platform']) }
    expect(refused('DELETE /api/v1/namespaces/platform/pods/web', undefined, own)).toMatch(/Gatehouse runs/)
  })

  it('strict sends nothing but deletions', () => {
    expect(refused(`DELETE ${NS}/pods/web`, undefined, profiles.strict)).toBeUndefined()
    for (const line of [
      `PATCH ${NS}/pods/web`,
      `POST ${NS}/pods`,
      `POST ${NS}/pods/web/eviction`,
      `GET ${NS}/pods/web/exec`,
    ]) {
      expect(refused(line, named('web'), profiles.strict)).toMatch(/strict profile/)
    }
  })

  it('no request reaches kube-* or deletes a namespace, however it is put together', () => {
    const segment = fc.constantFrom(
      'api',
      'apis',
      'apps',
      'v1',
      'namespaces',
      'kube-system',
      'shop',
      'pods',
      'deployments',
      'web',
      'scale',
      'watch',
      'status',
    )
    const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE')
    fc.assert(
      fc.property(method, fc.array(segment, { maxLength: 8 }), (verb, segments) => {
        const path = `/${segments.join('/')}`
        if (refused(`${verb} ${path}`, named('web')) !== undefined) return
        expect(path).not.toMatch(/namespaces\/kube-system/)
        if (verb === 'DELETE') expect(path).not.toMatch(/^\/api\/v1\/namespaces\/[^/]+$/)
      }),
      { numRuns: 3_000 },
    )
  })
})
