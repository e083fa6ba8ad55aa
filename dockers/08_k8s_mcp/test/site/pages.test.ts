import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { topics } from '../../src/documentation/topics.ts'
import { templates } from '../../src/templates/index.ts'
import { type Answer, type Running, start } from '../harness.ts'

let connected: Running
let alone: Running

beforeAll(async () => {
  const { kubeconfig } = await sharedCluster()
  connected = await start({ KUBECONFIG: kubeconfig, APPROVAL_PUBLIC_URL: 'https://approvals.example' })
  alone = await start({ KUBECONFIG: '/nowhere/kubeconfig' })
})
afterAll(async () => {
  await connected[Symbol.asyncDispose]()
  await alone[Symbol.asyncDispose]()
})

const page = (path: string, from = connected): Promise<Answer> =>
  from.get(path, { headers: { accept: 'text/html,application/xhtml+xml' } })

describe('with and without a cluster', () => {
  const places = [
    '/',
    '/docs',
    '/docs/pods',
    '/api',
    '/api/core/v1/Pod',
    '/search?q=pod',
    '/templates',
    '/status',
  ]
  for (const path of [...places, '/templates/deployment']) {
    it(`${path} is a page for people and data for programs`, async () => {
      for (const server of [connected, alone]) {
        const [html, json] = [await page(path, server), await server.get(path)]
        expect([html.status, json.status]).toEqual([200, 200])
        expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
        expect(html.text).toMatch(/^<!doctype html>/)
        expect(json.headers.get('content-type')).toBe('application/json')
        expect(json.body).toBeTypeOf('object')
      }
    })
  }

  it('says on the start page what it is connected to, or what is missing', async () => {
    expect((await page('/')).text).toContain('Kubernetes v1.36')
    expect((await page('/', alone)).text).toContain('KUBECONFIG')
    expect((await alone.get('/api')).body).toMatchObject({
      source: { origin: expect.stringMatching(/^(prepared|typings)$/) },
      note: 'No cluster is connected.',
    })
  })

  it('lists every topic and template, each of which is there', async () => {
    const [written, made] = [await topics(), await templates()]
    expect((await alone.get('/docs')).body.total).toBe(written.length)
    expect((await alone.get('/templates')).body.total).toBe(made.length)
    for (const { name } of written) expect((await alone.get(`/docs/${name}`)).status, name).toBe(200)
    for (const { name } of made) expect((await alone.get(`/templates/${name}`)).status, name).toBe(200)
  })
})

describe('data for programs', () => {
  it('a template has its name, title, parameters and manifest', async () => {
    const { body } = await connected.get('/templates/deployment?name=shop&replicas=3')
    expect(body).toMatchObject({
      name: 'deployment',
      title: expect.any(String),
      parameters: expect.arrayContaining([expect.objectContaining({ name: 'replicas', type: 'integer' })]),
      manifest: { kind: 'Deployment', metadata: { name: 'shop' }, spec: { replicas: 3 } },
    })
    const several = await connected.get('/templates/web-application?format=json')
    expect(several.body.manifest).toMatchObject({ apiVersion: 'v1', kind: 'List' })
  })

  it('as YAML a template is the manifest alone', async () => {
    const { headers, text } = await connected.get('/templates/deployment?format=yaml&name=shop')
    expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8')
    expect(text).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/)
  })

  it('a topic has its Markdown, and is Markdown where that is asked for', async () => {
    const { body } = await connected.get('/docs/probes')
    expect(body).toMatchObject({ name: 'probes', group: 'operating', url: '/docs/probes' })
    const { headers, text } = await connected.get('/docs/probes?format=markdown')
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(text).toContain(body.markdown)
  })

  it('status tells version, uptime, connections and calls; contexts nobody used are not asked', async () => {
    const { body, headers } = await connected.get('/status')
    expect(body).toMatchObject({
      service: 'k8s-mcp',
      uptimeSeconds: expect.any(Number),
      cluster: { connected: true },
      contexts: expect.arrayContaining([expect.objectContaining({ current: true, connection: 'connected' })]),
      reference: { origin: 'cluster', version: expect.stringMatching(/^1\.36/) },
      calls: { total: expect.any(Number), errors: expect.any(Number) },
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify(body)).not.toContain('127.0.0.1')
  })
})

describe('what is not there', () => {
  const nearest: [path: string, status: number, code: string, near: string][] = [
    ['/docs/prob', 404, 'NOT_FOUND', 'probes'],
    ['/templates/deploymnt', 404, 'NOT_FOUND', 'deployment'],
    ['/api/apps/v1/Deploymint', 404, 'NOT_FOUND', 'Deployment'],
    ['/api/app/v1/Deployment', 404, 'NOT_FOUND', 'apps/v1'],
    ['/api/apps/v1/Deployment?field=spec.replica', 404, 'NOT_FOUND', 'replicas'],
    ['/api?version=1.63', 404, 'NOT_FOUND', '1.36'],
    ['/templates/deployment?format=exe', 400, 'INVALID_INPUT', 'yaml, html'],
    ['/docs/pods?format=jsn', 400, 'INVALID_INPUT', 'json'],
    ['/templates/deployment?replica=3', 400, 'INVALID_INPUT', 'replicas'],
    ['/search?q=a&kinds=topic', 400, 'INVALID_INPUT', 'kind'],
    ['/doc', 404, 'NOT_FOUND', '/docs'],
  ]
  for (const [path, status, code, near] of nearest) {
    it(`${path} is ${status} and names ${near}`, async () => {
      const { body, ...answer } = await connected.get(path)
      expect([answer.status, body.code]).toEqual([status, code])
      expect(`${body.message} ${body.hint}`).toContain(near)
      expect(body.correlation_id).toMatch(/^[0-9a-f]{32}$/)
      const html = await page(path)
      expect(html.status).toBe(status === 400 && path.includes('replica=') ? 400 : status)
      expect(html.text).toMatch(/^<!doctype html>/)
    })
  }

  it('names do not lead out of their folders', async () => {
    const names = [
      '..%2f..%2fpackage.json',
      '%2e%2e%2fREADME',
      '....//x',
      'pods%00',
      '%c0%ae',
      'constructor',
      '__proto__',
    ]
    for (const place of ['/docs', '/templates', '/api/core/v1', '/assets']) {
      for (const name of names) {
        const { status, text } = await connected.get(`${place}/${name}`)
        expect([400, 404], `${place}/${name}`).toContain(status)
        expect(text).not.toContain('"workspaces"')
      }
    }
  })

  it('a parameter is not given twice, and its value is not repeated', async () => {
    const secret = 'hunter2-is-no-number'
    const twice = await connected.get('/search?q=a&q=b')
    expect([twice.status, twice.body.message]).toEqual([400, 'q: is given twice'])
    const wrong = await connected.get(`/templates/deployment?replicas=${secret}`)
    expect(wrong.status).toBe(400)
    expect(wrong.text).not.toContain(secret)
  })
})

describe('HTTP', () => {
  it('keeps nothing without asking, and answers 304 when nothing changed', async () => {
    const first = await page('/docs/pods')
    const etag = first.headers.get('etag') ?? ''
    expect([first.headers.get('cache-control'), etag]).toEqual(['no-cache', expect.stringMatching(/^"/)])
    for (const sent of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await connected.get('/docs/pods', {
        headers: { accept: 'text/html', 'if-none-match': sent },
      })
      expect([again.status, again.text]).toEqual([304, ''])
    }
    const other = await connected.get('/docs/pods', { headers: { 'if-none-match': etag } })
    expect(other.status).toBe(200)
    expect(other.headers.get('vary')).toBe('accept')
  })

  it('answers HEAD like GET without a body, and a range with the whole', async () => {
    for (const path of ['/docs/pods', '/search?q=pod', '/templates/deployment?format=yaml']) {
      const [get, head] = [await connected.get(path), await connected.get(path, { method: 'HEAD' })]
      expect([head.status, head.text]).toEqual([200, ''])
      expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
      const part = await connected.get(path, { headers: { range: 'bytes=0-9' } })
      expect([part.status, part.text]).toEqual([200, get.text])
    }
  })

  it('guards pages: no frames, no foreign content, no address in a Referer', async () => {
    const { headers } = await page('/docs/pods')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('needs no token for pages, and still one for calls', async () => {
    const guarded = await start({ KUBECONFIG: '/nowhere', MCP_TOKEN: 'x'.repeat(40) })
    expect((await guarded.get('/docs/pods')).status).toBe(200)
    expect((await guarded.get('/status')).status).toBe(200)
    expect((await guarded.call('infra.k8s.docs.search', { query: 'pod' })).status).toBe(401)
    await guarded[Symbol.asyncDispose]()
  })

  it('assets are kept for ever, and old ones are gone', async () => {
    const style = /href="(\/assets\/style\.[0-9a-f]+\.css)"/.exec((await page('/')).text)?.[1] ?? ''
    const { status, headers } = await connected.get(style)
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect((await connected.get('/assets/style.000000000000.css')).status).toBe(404)
  })
})

describe('asking to apply a template', () => {
  it('leads to the filled form of the approval pages', async () => {
    const { text } = await page('/templates/config-map')
    const address = new URL(
      (/href="(https:\/\/approvals\.example\/new\?[^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&'),
    )
    const yaml = (await connected.get('/templates/config-map?format=yaml')).text
    expect(address.searchParams.get('yaml')).toBe(yaml)
  })

  it('says why where the gate never lets it through, and what only the policy can allow', async () => {
    const never = await page('/templates/cluster-role-read')
    expect(never.text).toContain('Cluster-wide RBAC is not changed from here')
    expect(never.text).not.toContain('approvals.example/new')
    expect((await page('/templates/namespace')).text).toContain('allow.kinds of POLICY_FILE')
  })
})
