import { sharedCluster } from '@gatehouse/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../src/tools/index.ts'
import { type Running, start } from './harness.ts'

const cluster = await sharedCluster()
let running: Running
let namespace: string

beforeAll(async () => {
  running = await start({ KUBECONFIG: cluster.kubeconfig })
  namespace = await cluster.freshNamespace('bad')
  await cluster.kubectl(['create', 'configmap', 'settings', '-n', namespace, '--from-literal=a=b'])
})
afterAll(() => running[Symbol.asyncDispose]())

const LIST = 'infra.k8s.resources.listResources'
const GET = 'infra.k8s.resources.getResource'
const PODS = 'infra.k8s.pods.listPods'

const ask = async (tool: string, input: object) => {
  const { status, body } = await running.call(tool, input)
  return {
    status,
    code: body.code,
    message: String(body.message ?? ''),
    hint: body.hint,
    nearest: body.nearest,
  }
}

describe('unknown things offer the nearest', () => {
  it('kind', async () => {
    const answer = await ask(LIST, { kind: 'deploymentz' })
    expect([answer.status, answer.code]).toEqual([404, 'UNKNOWN_KIND'])
    expect(answer.nearest).toContain('deployments')
  })
  it('kind in an apiVersion that has it not', async () => {
    expect(await ask(LIST, { kind: 'pods', apiVersion: 'apps/v1' })).toMatchObject({ code: 'UNKNOWN_KIND' })
  })
  it('namespace', async () => {
    const answer = await ask(PODS, { namespace: namespace.slice(0, -1) })
    expect([answer.status, answer.code]).toEqual([404, 'NOT_FOUND'])
    expect(answer.nearest).toContain(namespace)
  })
  it('object', async () => {
    const answer = await ask(GET, { kind: 'configmap', name: 'setings', namespace })
    expect([answer.status, answer.code]).toEqual([404, 'NOT_FOUND'])
    expect(answer.nearest).toContain('settings')
  })
  it('object in a namespace that does not exist', async () => {
    const answer = await ask(GET, { kind: 'configmap', name: 'settings', namespace: 'no-such-place' })
    expect(answer.code).toBe('NOT_FOUND')
    expect(answer.message).toMatch(/namespace/)
  })
  it('tool and parameter', async () => {
    expect(await ask('infra.k8s.pods.listPod', {})).toMatchObject({
      status: 404,
      code: 'UNKNOWN_TOOL',
    })
    expect((await ask('infra.k8s.pods.listPod', {})).nearest[0]).toBe(PODS)
    const answer = await ask(PODS, { labelselector: 'a=b' })
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
    expect(answer.message).toContain('did you mean labelSelector')
  })
})

describe('names that no object can have', () => {
  const hostile = [
    'a b',
    ' a',
    '-n',
    '--kubeconfig=/x',
    'x'.repeat(300),
    'a\0b',
    'наме',
    '名前',
    '../secrets/x',
    'a/b',
    '..',
    '.',
    'a?watch=1',
    'a#b',
    'a%2fb',
    'a\nb',
    '\u202eabc',
    '$(id)',
    '`id`',
    'a;b',
    "a'b",
    '*',
    '',
  ]
  it('are refused before any request, in every tool that takes a name', async () => {
    const named = tools.filter((tool) => 'name' in tool.input.shape && 'namespace' in tool.input.shape)
    expect(named.length).toBeGreaterThan(4)
    for (const tool of named) {
      const kind = 'kind' in tool.input.shape ? { kind: 'configmap' } : {}
      for (const name of hostile) {
        const answer = await ask(tool.name, { ...kind, name, namespace })
        expect({ tool: tool.name, name, code: answer.code }).toEqual({
          tool: tool.name,
          name,
          code: 'INVALID_INPUT',
        })
      }
    }
    const paths = (await cluster.audit()).map((entry) => decodeURIComponent(entry.requestURI))
    expect(paths.filter((path) => hostile.some((name) => name.length > 3 && path.includes(name)))).toEqual([])
  })

  it('as a namespace', async () => {
    for (const tool of tools.filter((one) => 'namespace' in one.input.shape)) {
      const required = {
        kind: 'configmap',
        name: 'settings',
        yamlContent: 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}',
      }
      const input = Object.fromEntries(Object.entries(required).filter(([key]) => key in tool.input.shape))
      for (const bad of ['a b', '-n', 'x'.repeat(300), 'a/../b', 'UPPER', 'a\0b']) {
        const answer = await ask(tool.name, { ...input, namespace: bad })
        expect({ tool: tool.name, bad, code: answer.code }).toEqual({
          tool: tool.name,
          bad,
          code: 'INVALID_INPUT',
        })
      }
    }
  })

  it('as a kind', async () => {
    for (const kind of ['a b', '../pods', 'pods/log', 'secret,configmap', 'x'.repeat(300), '']) {
      expect(['UNKNOWN_KIND', 'INVALID_INPUT']).toContain((await ask(LIST, { kind, namespace })).code)
    }
  })
})

describe('values out of range', () => {
  it('limit', async () => {
    for (const limit of [0, -1, 1e9, 1.5, '10', null, [], {}]) {
      const answer = await ask(PODS, { limit })
      expect({ limit, code: answer.code }).toEqual({ limit, code: 'INVALID_INPUT' })
      expect(answer.message).toMatch(/^limit: /)
    }
  })
  it('limit as text in a query is a number, nonsense is refused', async () => {
    expect((await running.get(`/cluster/pods?namespace=${namespace}&limit=10`)).status).toBe(200)
    for (const limit of ['0', '-1', 'ten', '1e9', '']) {
      const { status, body } = await running.get(`/cluster/pods?limit=${limit}`)
      expect([limit, status, body.code]).toEqual([limit, 400, 'INVALID_INPUT'])
    }
  })
  it('selectors that do not parse: the reason of the cluster', async () => {
    for (const selector of ['a==b==c', 'a in (b', '!!', 'a=b,,c']) {
      const answer = await ask(PODS, { namespace, labelSelector: selector })
      expect([
        selector,
        answer.status < 500,
        ['CLUSTER_REFUSED', 'INVALID_INPUT'].includes(answer.code),
      ]).toEqual([selector, true, true])
    }
    expect((await ask(PODS, { namespace, fieldSelector: 'nope=1' })).code).toMatch(
      /CLUSTER_REFUSED|INVALID_INPUT/,
    )
  })
  it('continue that is no cursor, or of another question', async () => {
    for (const cursor of ['x', 'MTA', Buffer.from('5.abcdef').toString('base64url'), '%%%']) {
      expect((await ask(PODS, { namespace, continue: cursor })).code).toBe('INVALID_INPUT')
    }
  })
  it('bodies that are not an object', async () => {
    for (const body of ['[]', '"x"', '1', 'null', '{', '{"a":']) {
      const { status, body: answer } = await running.call(PODS, undefined, { body })
      if (body === 'null') continue
      expect([body, status, answer.code]).toEqual([body, 400, 'INVALID_INPUT'])
    }
  })
  it('5 MB', async () => {
    const { status, body } = await running.call('infra.k8s.apply.diffManifest', {
      yamlContent: 'x'.repeat(5_000_000),
    })
    expect([status, body.code]).toEqual([413, 'TOO_LARGE'])
  })
})

it('whatever is sent, the answer is a reply or an error of the catalogue', async () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.object({ maxDepth: 1 }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...tools),
      fc.array(value, { minLength: 12, maxLength: 12 }),
      async (tool, values) => {
        const keys = Object.keys(tool.input.shape)
        const input = Object.fromEntries(keys.map((key, index) => [key, values[index % 12]]))
        const { status, body } = await running.call(tool.name, input)
        return (
          status === 200 ||
          (typeof body.code === 'string' && body.code !== 'INTERNAL' && body.correlation_id.length > 0)
        )
      },
    ),
    { numRuns: 300 },
  )
})

describe('many at once', () => {
  it('200 calls are all answered', async () => {
    const calls = Array.from({ length: 200 }, (_, index) =>
      index % 3 === 0
        ? running.call(PODS, { namespace })
        : index % 3 === 1
          ? running.tool(LIST, { kind: 'configmaps', namespace })
          : running.get('/cluster/namespaces'),
    )
    const answers = await Promise.all(calls)
    expect(answers.filter((answer) => answer.isError || (answer.status ?? 200) !== 200)).toEqual([])
    expect((await running.call('infra.k8s.getMetrics')).body.inFlight).toBe(1)
  })

  it('a caller that goes away leaves nothing running', async () => {
    const gone = new AbortController()
    const left = running.call('infra.k8s.pods.listPods', { allNamespaces: true }, { signal: gone.signal })
    gone.abort()
    await expect(left).rejects.toThrow()
    await expect.poll(async () => (await running.call('infra.k8s.getMetrics')).body.inFlight).toBe(1)
    expect((await running.call(PODS, { namespace })).status).toBe(200)
  })
})
