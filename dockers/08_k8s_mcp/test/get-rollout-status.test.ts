import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from './harness.ts'

const ROLLOUT = 'infra.k8s.deployments.getRolloutStatus'
const PASSWORD = 'Tr0ub4dor-and-3'

let cluster: ClusterHandle
let server: Running
let namespace: string
let quota: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('rollout')
  quota = await cluster.freshNamespace('quota')
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  const limit = `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: small, namespace: ${quota} }\nspec: { hard: { pods: "1" } }`
  await cluster.apply(
    [limit, deployment('web', { image: 'w:1' }), deployment('lost', { nodeSelector: 'disk: gold' })].join(
      '\n---\n',
    ),
  )
  await cluster.apply(deployment('many', { namespace: quota, replicas: 3 }))
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const status = async (name: string, where = namespace): Promise<Body> =>
  (await server.call(ROLLOUT, { name, namespace: where })).body

async function until(name: string, expected: object, where = namespace): Promise<Body> {
  await expect.poll(() => status(name, where), { timeout: 40_000, interval: 300 }).toMatchObject(expected)
  return status(name, where)
}

describe('a rollout', () => {
  it('is complete, with its counters and its only revision', async () => {
    const { blocks, events, revisions, summary, total } = await until('web', { state: 'complete' })
    expect([blocks, events, summary]).toEqual([[], [], '2 of 2 replicas updated and available'])
    expect(total).toBe(1)
    expect(revisions[0]).toMatchObject({
      revision: 1,
      current: true,
      replicas: '2/2',
      images: ['web: w:1'],
      differs: [],
    })
  })

  it('that cannot pull its image says so once, and what the revision before had', async () => {
    await until('web', { state: 'complete' })
    await cluster.apply(
      deployment('web', { image: 'w:does-not-exist', env: `- { name: DB_PASSWORD, value: ${PASSWORD} }` }),
    )
    const reply = await until('web', {
      blocks: [expect.stringContaining('cannot start')],
      events: [{ reason: 'Failed' }],
    })
    expect(reply.state).toMatch(/progressing|stuck/)
    expect(reply.blocks).toEqual([
      expect.stringMatching(/^1 pod \(web-\S+\): .*"w:does-not-exist" does not exist in the registry/),
    ])
    expect(reply.events).toHaveLength(1)
    expect(reply.events[0].message).toContain('Failed to pull image')
    const [current, before] = reply.revisions
    expect([current.revision, current.current, before.revision, before.replicas]).toEqual([2, true, 1, '2/2'])
    expect(before.differs).toContainEqual({
      path: 'spec.containers[web].image',
      old: 'w:1',
      new: 'w:does-not-exist',
    })
    const env = before.differs.find((one: Body) => one.path.startsWith('spec.containers[web].env'))
    expect(env.new).toMatch(/\[redacted:/)
    expect(env.old).toBeUndefined()
    expect(JSON.stringify(reply)).not.toContain(PASSWORD)
  })

  it('that no node takes says what the scheduler said', async () => {
    const { blocks, events } = await until('lost', { blocks: [expect.stringContaining('not scheduled')] })
    expect(blocks).toEqual([
      expect.stringMatching(/didn't match Pod's node affinity\/selector.*asks for disk=gold$/),
    ])
    expect(events.map((one: Body) => one.reason)).toEqual(['FailedScheduling'])
  })

  it('that a quota stops says the numbers, with one event for all attempts', async () => {
    const { blocks, events, replicas } = await until('many', { events: [{ reason: 'FailedCreate' }] }, quota)
    expect(blocks[0]).toMatch(/quota "small" is exceeded: requested pods=1, used pods=1, limited to pods=1/)
    expect(events).toHaveLength(1)
    expect(events[0].count).toBeGreaterThan(1)
    expect(replicas.wanted).toBe(3)
  })

  it('reads as text with the same facts', async () => {
    const { content } = await server.tool(ROLLOUT, { name: 'many', namespace: quota })
    expect(content[0].text).toMatch(/deployment many: (progressing|stuck), /)
    expect(content[0].text).toContain('used pods=1')
    expect(content[0].text).toContain('revisions (1 of 1 shown')
  })

  it('of a Deployment that is not there names the nearest', async () => {
    expect((await status('wbe')).message).toMatch(
      /^There is no Deployment "wbe" in namespace ".*"; did you mean web\?$/,
    )
  })
})

function deployment(
  name: string,
  more: { namespace?: string; image?: string; env?: string; nodeSelector?: string; replicas?: number },
) {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${more.namespace ?? namespace} }
spec:
  replicas: ${more.replicas ?? 2}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      nodeSelector: { ${more.nodeSelector ?? ''} }
      containers:
        - name: web
          image: ${more.image ?? 'w:1'}
          env:
            ${more.env ?? '[]'}
`
}
