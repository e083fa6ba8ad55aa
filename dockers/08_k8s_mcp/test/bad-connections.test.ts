import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from './harness.ts'

const PODS = 'infra.k8s.pods.listPods'
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-bad-'))
const cluster = await sharedCluster()
let running: Running

beforeAll(async () => {
  running = await start({ KUBECONFIG: cluster.kubeconfig })
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string) => {
  const target = path.join(folder, name)
  writeFileSync(target, text)
  return target
}

/** A kubeconfig for a server that is not Kubernetes. */
const pointing = (server: string, user: object = {}, cluster: object = {}) =>
  JSON.stringify({
    'current-context': 'odd',
    clusters: [{ name: 'odd', cluster: { server, ...cluster } }],
    users: [{ name: 'odd', user }],
    contexts: [{ name: 'odd', context: { cluster: 'odd', user: 'odd' } }],
  })

async function withFake(handle: Parameters<typeof createServer>[1], body: (url: string) => Promise<void>) {
  const fake: Server = createServer(handle as never)
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve))
  try {
    await body(`http://127.0.0.1:${(fake.address() as AddressInfo).port}`)
  } finally {
    fake.closeAllConnections()
    fake.close()
  }
}

describe('kubeconfig', () => {
  const cases = [
    ['missing', undefined, 'NO_CLUSTER', /does not exist/],
    ['empty', '', 'KUBECONFIG_INVALID', /empty/],
    ['not YAML', 'a: [', 'KUBECONFIG_INVALID', /not valid YAML/],
    ['a list', '- a', 'KUBECONFIG_INVALID', /not a kubeconfig/],
    ['without contexts', 'apiVersion: v1\nkind: Config\n', 'KUBECONFIG_INVALID', /names no context/],
    ['duplicate keys', 'a: 1\na: 2\n', 'KUBECONFIG_INVALID', /not valid YAML/],
    ['nameless entries', 'clusters: [{cluster: {}}]\n', 'KUBECONFIG_INVALID', /no name/],
    [
      'a context without its cluster',
      'current-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\n',
      'KUBECONFIG_INVALID',
      /not in the kubeconfig/,
    ],
    ['a server that is no address', pointing('::::'), 'KUBECONFIG_INVALID', /no valid server/],
  ] as const
  for (const [what, text, code, message] of cases) {
    it(`${what}: says so, and tools/list answers all the same`, async () => {
      const config =
        text === undefined ? path.join(folder, 'nowhere') : file(`case-${what.replaceAll(' ', '-')}`, text)
      await using other = await start({ KUBECONFIG: config })
      const { status, body } = await other.call(PODS)
      expect(body.code).toBe(code)
      expect(body.message).toMatch(message)
      expect(status).toBe(503)
      expect(body.hint).toBeTruthy()
      expect((await other.rpc('tools/list')).tools.length).toBeGreaterThan(0)
      expect((await other.get('/health')).body.state).toBe('degraded')
    })
  }

  it('appears, is replaced and goes away without a restart', async () => {
    const target = path.join(folder, 'follow')
    await using other = await start({ KUBECONFIG: target })
    const code = async () => (await other.call(PODS)).body.code
    const settle = () => new Promise((resolve) => setTimeout(resolve, 300))
    expect(await code()).toBe('NO_CLUSTER')
    writeFileSync(target, pointing('http://127.0.0.1:1'))
    await settle()
    expect(await code()).toBe('CLUSTER_UNREACHABLE')
    // As Kubernetes and editors replace files: a new one renamed over the old.
    const good = await cluster.kubectl(['config', 'view', '--raw', '--flatten'])
    writeFileSync(`${target}.new`, good)
    renameSync(`${target}.new`, target)
    await settle()
    expect(await code()).toBeUndefined()
    rmSync(target)
    await settle()
    expect(await code()).toBe('NO_CLUSTER')
  })
})

describe('context', () => {
  it('unknown: offers the nearest', async () => {
    const name = (await running.call(PODS)).body.target.context
    const { status, body } = await running.call(PODS, { context: name.slice(0, -1) })
    expect([status, body.code, body.nearest]).toEqual([404, 'UNKNOWN_CONTEXT', [name]])
  })

  it('dead: an error within 5 s, the others unaffected', async () => {
    const hanging = createTcpServer(() => {})
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    const { port } = hanging.address() as AddressInfo
    const certificate = await cluster.certificate('tester', ['system:masters'])
    const config = await cluster.writeKubeconfig('dead', [
      { name: 'good', user: { certificate } },
      { name: 'refused', user: { none: true }, server: 'https://127.0.0.1:1' },
      { name: 'hangs', user: { none: true }, server: `http://127.0.0.1:${port}` },
      { name: 'hangs-tls', user: { none: true }, server: `https://127.0.0.1:${port}` },
      { name: 'unresolved', user: { none: true }, server: 'https://no-such-host.invalid' },
    ])
    await using other = await start({ KUBECONFIG: config })
    const timed = async (context: string) => {
      const started = performance.now()
      const { body } = await other.call(PODS, { context })
      return { code: body.code, message: body.message, ms: performance.now() - started }
    }
    const [refused, hangs, tls, unresolved, good] = await Promise.all(
      ['refused', 'hangs', 'hangs-tls', 'unresolved', 'good'].map(timed),
    )
    for (const dead of [refused, hangs, tls, unresolved]) expect(dead?.code).toBe('CLUSTER_UNREACHABLE')
    expect(refused?.message).toContain('connection refused')
    expect(unresolved?.message).toContain('does not resolve')
    expect(good?.code).toBeUndefined()
    // The limit is part of the contract, not a measurement of speed.
    for (const dead of [refused, hangs, tls, unresolved]) expect(dead?.ms).toBeLessThan(5_000)
    hanging.close()
  })

  it('distrusted certificate: says so', async () => {
    const own = await cluster.certificate('x')
    const text = pointing(cluster.url, {
      'client-certificate-data': Buffer.from(own.cert).toString('base64'),
      'client-key-data': Buffer.from(own.key).toString('base64'),
    })
    await using other = await start({ KUBECONFIG: file('untrusted', text) })
    expect((await other.call(PODS)).body.message).toMatch(/certificate is not trusted/)
  })
})

describe('credentials', () => {
  const plugin = (name: string, script: string) => {
    const target = file(name, `#!/bin/sh\n${script}\n`)
    chmodSync(target, 0o755)
    return target
  }
  const withPlugin = async (name: string, command: string) => {
    const config = await cluster.writeKubeconfig(name, [{ name, user: { exec: { command } } }])
    return start({ KUBECONFIG: config })
  }
  const credential = (token: string) =>
    JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token },
    })

  it('RBAC that forbids: which verb on what', async () => {
    const certificate = await cluster.certificate('nobody')
    const config = await cluster.writeKubeconfig('nobody', [{ name: 'nobody', user: { certificate } }])
    await using other = await start({ KUBECONFIG: config })
    const { status, body } = await other.call(PODS, { namespace: 'default' })
    expect([status, body.code]).toEqual([403, 'FORBIDDEN'])
    expect(body.message).toMatch(/"nobody" cannot list resource "pods"/)
  })

  it('exec plugin: works, and after a 401 is asked once more', async () => {
    const namespace = await cluster.freshNamespace('exec')
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', namespace])
    await cluster.kubectl([
      'create',
      'rolebinding',
      'reader',
      '-n',
      namespace,
      '--clusterrole=view',
      `--serviceaccount=${namespace}:reader`,
    ])
    const first = await cluster.token('reader', namespace)
    const tokenFile = file('token', credential(first))
    await using other = await withPlugin('exec-works', plugin('exec-works', `cat ${tokenFile}`))
    expect((await other.call(PODS, { namespace })).status).toBe(200)
    // Deleting the account makes its tokens invalid at once: what an expired token looks like.
    await cluster.kubectl(['delete', 'serviceaccount', 'reader', '-n', namespace])
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', namespace])
    writeFileSync(tokenFile, credential(await cluster.token('reader', namespace)))
    await expect
      .poll(async () => (await other.call(PODS, { namespace })).status, { timeout: 20_000 })
      .toBe(200)
  })

  it('a token that is refused: CLUSTER_CREDENTIALS, and the token is nowhere in the reply', async () => {
    const token = 'expired-token-0123456789abcdef'
    const config = await cluster.writeKubeconfig('expired', [{ name: 'expired', user: { token } }])
    await using other = await start({ KUBECONFIG: config })
    const { status, body, text } = await other.call(PODS)
    expect([status, body.code]).toEqual([502, 'CLUSTER_CREDENTIALS'])
    expect(text).not.toContain(token)
  })

  it('exec plugin that is missing, fails or prints garbage: named, its output kept back', async () => {
    await using missing = await withPlugin('plugin-missing', '/no/such/plugin-x')
    expect((await missing.call(PODS)).body.message).toBe(
      'The credential plugin "plugin-x" is not installed here',
    )
    await using fails = await withPlugin(
      'plugin-fails',
      plugin('fails', 'echo secret-from-plugin-0123 >&2; exit 3'),
    )
    const failed = await fails.call(PODS)
    expect(failed.body).toMatchObject({
      code: 'CLUSTER_CREDENTIALS',
      message: 'The credential plugin "fails" failed',
    })
    expect(failed.text).not.toContain('secret-from-plugin')
    await using garbage = await withPlugin('plugin-garbage', plugin('garbage', 'echo not json'))
    expect((await garbage.call(PODS)).body.code).toBe('CLUSTER_CREDENTIALS')
  })

  it('OIDC: the token of the kubeconfig is sent, and a refused refresh is a clear error', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = (exp: number) => `${part({ alg: 'none' })}.${part({ exp })}.signature`
    const sent: (string | undefined)[] = []
    await withFake(
      (request, response) => {
        sent.push(request.headers.authorization)
        response.writeHead(request.url?.startsWith('/api') ? 401 : 400).end('{}')
      },
      async (url) => {
        const oidc = (exp: number) => {
          const client = { 'client-id': 'x', 'client-secret': 'y', 'refresh-token': 'z' }
          const config = { ...client, 'idp-issuer-url': url, 'id-token': token(exp) }
          return file('oidc', pointing(url, { 'auth-provider': { name: 'oidc', config } }))
        }
        const tomorrow = Math.round(Date.now() / 1000) + 86_400
        await using valid = await start({ KUBECONFIG: oidc(tomorrow) })
        expect((await valid.call(PODS)).body.message).toMatch(/refused the credentials/)
        expect(sent).toContain(`Bearer ${token(tomorrow)}`)
        await using expired = await start({ KUBECONFIG: oidc(1) })
        expect((await expired.call(PODS)).body.message).toBe('The credential plugin "oidc" failed')
        expect(sent).not.toContain(`Bearer ${token(1)}`)
      },
    )
  })
})

// A real API server cannot be made to answer like this on demand.
describe('an API server that misbehaves', () => {
  it('429 with Retry-After is obeyed, then the answer arrives', async () => {
    let asked = 0
    await withFake(
      (_request, response) => {
        asked++
        if (asked === 1) return response.writeHead(429, { 'retry-after': '1' }).end('{}')
        return response.end(JSON.stringify({ kind: 'Table', columnDefinitions: [], rows: [], metadata: {} }))
      },
      async (url) => {
        await using other = await start({ KUBECONFIG: file('busy', pointing(url)) })
        const started = performance.now()
        expect((await other.call('infra.k8s.cluster.listNodes')).status).toBe(200)
        expect(performance.now() - started).toBeGreaterThan(900)
        expect(asked).toBe(2)
      },
    )
  })

  it('429 for ever: CLUSTER_BUSY, asked three times', async () => {
    let asked = 0
    await withFake(
      (_request, response) => {
        asked++
        response.writeHead(429, { 'retry-after': '0' }).end('{}')
      },
      async (url) => {
        await using other = await start({ KUBECONFIG: file('busy-ever', pointing(url)) })
        expect((await other.call('infra.k8s.cluster.listNodes')).body.code).toBe('CLUSTER_BUSY')
        expect(asked).toBe(3)
      },
    )
  })

  it('garbage, half an answer, 500: clear errors', async () => {
    const answers = [
      (response: import('node:http').ServerResponse) => response.end('<html>'),
      (response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{')
        response.destroy()
      },
      (response: import('node:http').ServerResponse) =>
        response.writeHead(500).end('boom password=hunter2hunter2'),
    ]
    for (const answer of answers) {
      await withFake(
        (_request, response) => answer(response),
        async (url) => {
          await using other = await start({ KUBECONFIG: file('garbage', pointing(url)) })
          const { body, text } = await other.call('infra.k8s.cluster.listNodes')
          expect(['CLUSTER_UNREACHABLE', 'CLUSTER_REFUSED']).toContain(body.code)
          expect(text).not.toContain('hunter2')
        },
      )
    }
  })
})
