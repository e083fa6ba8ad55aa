import { randomBytes } from 'node:crypto'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textClasses } from '../../../shared/sanitizer/test/corpus/classes/index.ts'
import { leakIn, windowsOf } from '../../../shared/sanitizer/test/corpus/leaks.ts'
import { Random } from '../../../shared/sanitizer/test/corpus/random.ts'
import { type Agent, type Answer, KEY, startAgent } from './harness.ts'

// Each class the sanitizer claims, in each place where an agent meets text of a cluster. No 8-byte window survives.
const cluster = await sharedCluster()
const GROUP = `h${randomBytes(4).toString('hex')}.example.org`
const ROUNDS = [11, 12]
const claimed = textClasses.filter(({ claimed, name }) => claimed && name !== 'known value')
const planted = ROUNDS.flatMap((round) =>
  claimed.map((one) => ({ ...one.plant(new Random(round, one.name)), name: `${one.name} ${round}` })),
)
const windows = windowsOf([...planted.flatMap(({ secrets }) => secrets), KEY])
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const key = (index: number) => `k${String(index).padStart(3, '0')}`
const texts = Object.fromEntries(planted.map(({ text }, index) => [key(index), text]))
const labels = Object.fromEntries(Object.entries(texts).filter(([, text]) => LABEL.test(text)))

let agent: Agent
let namespace: string
const answers: Answer[] = []

/** Asks, and keeps the answer for the checks at the end. */
async function ask(tool: string, input: object): Promise<Answer> {
  const answer = await agent.call(tool, { namespace, ...input })
  answers.push(answer)
  return answer
}
const expectClean = (what: string, { whole }: Answer) => {
  const seen = leakIn(whole, windows)
  const of = planted.find(({ secrets }) => seen && secrets.some((secret) => secret.includes(seen)))
  expect({ what, seen, of: of?.name }).toEqual({ what, seen: undefined, of: undefined })
}

beforeAll(async () => {
  namespace = await cluster.freshNamespace('hostile')
  const metadata = (name: string) => ({ name, namespace })
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata('web'), annotations: { ...texts }, labels },
    spec: {
      containers: [
        {
          ...{ name: 'app', image: 'i', args: planted.slice(0, 20).map(({ text }) => text) },
          env: planted.map(({ text }, index) => ({ name: `PLAIN_${index}`, value: text })),
        },
      ],
    },
  }
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `boxes.${GROUP}` },
    spec: {
      ...{ group: GROUP, scope: 'Namespaced', names: { kind: 'Box', plural: 'boxes', singular: 'box' } },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          additionalPrinterColumns: planted.map((_one, index) => ({
            ...{ name: key(index), type: 'string', jsonPath: `.status.${key(index)}` },
          })),
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }
  await cluster.apply(JSON.stringify(definition))
  // One object of all fields, one each, so that neighbours neither help nor hide.
  const box = (name: string, status: object) => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'Box',
    metadata: metadata(name),
    status,
  })
  const events = planted.map(({ text }, index) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: metadata(key(index)),
    involvedObject: { kind: 'Pod', apiVersion: 'v1', name: `web-${key(index)}`, namespace },
    ...{ message: text, reason: key(index), type: 'Warning', source: { component: 'test' } },
  }))
  await cluster.apply([pod, box('all', texts), ...events].map((one) => JSON.stringify(one)).join('\n---\n'))
  await cluster.kubectl(['wait', '-n', namespace, 'pod/web', '--for=condition=Ready', '--timeout=60s'])
  agent = await startAgent(cluster.kubeconfig, { env: { LOG_LEVEL: 'debug' } })
})
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]()
  await cluster.kubectl(['delete', 'crd', `boxes.${GROUP}`, '--ignore-not-found'])
})

it('the planted texts are many, and of every claimed class', () => {
  expect(claimed.length).toBeGreaterThan(40)
  expect(Object.keys(labels).length).toBeGreaterThan(5)
})

describe('no window of a planted secret is in', () => {
  it('log lines', async () => {
    for (const [at, half] of [
      planted.slice(0, planted.length / 2),
      planted.slice(planted.length / 2),
    ].entries()) {
      const lines = half.flatMap(({ text }, index) => [
        ...text.split('\n'),
        `-- line ${index} of part ${at} --`,
      ])
      await cluster.writeLog(namespace, 'web', 'app', `${lines.join('\n')}\n`)
      for (const tailLines of [500, 100, 7]) {
        const answer = await ask('k8s_pod_logs', { name: 'web', container: 'app', tailLines })
        expect(answer.isError, answer.text).toBe(false)
        expectClean(`log of ${tailLines} lines`, answer)
      }
    }
  })

  it('annotations, labels, arguments and environment of a pod', async () => {
    const answer = await ask('k8s_get', { kind: 'Pod', name: 'web' })
    expect(answer.isError, answer.text).toBe(false)
    expectClean('pod', answer)
    expectClean('pods', await ask('k8s_list', { kind: 'Pod' }))
  })

  it('annotations one by one, so that none is left out for lack of room', async () => {
    for (let index = 0; index < planted.length; index += 12) {
      const some = Object.fromEntries(Object.entries(texts).slice(index, index + 12))
      const lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: `l${index}`, namespace, annotations: some },
      }
      await cluster.apply(JSON.stringify(lease))
      const answer = await ask('k8s_get', { kind: 'Lease', name: `l${index}` })
      expect(Object.keys(answer.data.object.metadata.annotations)).toHaveLength(Object.keys(some).length)
      expectClean(`lease ${index}`, answer)
    }
  })

  it('messages of events', async () => {
    expectClean('events', await ask('k8s_list_events', {}))
    expectClean('events as a kind', await ask('k8s_list', { kind: 'events', limit: 500 }))
    for (const index of planted.keys()) {
      const answer = await ask('k8s_list_events', { involvedObject: `pod/web-${key(index)}` })
      expect(answer.data.events).toBe(1)
      expectClean(planted[index]?.name ?? '', answer)
    }
    expectClean('an event', await ask('k8s_get', { kind: 'Event', name: key(0) }))
  })

  it('fields and printed columns of a custom resource', async () => {
    expectClean('list', await ask('k8s_list', { kind: 'Box' }))
    expectClean('get', await ask('k8s_get', { kind: 'Box', name: 'all' }))
  })

  it('the termination message of a container, and conditions', async () => {
    for (let index = 0; index < planted.length; index += 10) {
      const message = planted
        .slice(index, index + 10)
        .map(({ text }) => text)
        .join('\n')
      const terminated = {
        exitCode: 1,
        reason: 'Error',
        message,
        finishedAt: '2026-11-21T00:00:00Z',
        startedAt: '2026-11-21T00:00:00Z',
      }
      const status = {
        containerStatuses: [
          {
            name: 'app',
            image: 'i',
            imageID: '',
            ready: false,
            restartCount: 1,
            state: { terminated },
            lastState: { terminated },
          },
        ],
        conditions: [{ type: 'Ready', status: 'False', reason: 'X', message }],
      }
      const patch = ['patch', 'pod', 'web', '-n', namespace, '--subresource=status', '--type=merge', '-p']
      await cluster.kubectl([...patch, JSON.stringify({ status })])
      expectClean(`termination ${index}`, await ask('k8s_get', { kind: 'Pod', name: 'web' }))
    }
  })

  it('errors, which repeat what they were sent', async () => {
    for (const { text } of planted) {
      for (const [tool, input] of [
        ['k8s_get', { kind: text.slice(0, 253), name: 'x' }],
        ['k8s_get', { kind: 'Pod', name: text }],
        ['k8s_list', { kind: 'Pod', continue: text }],
        ['k8s_list', { kind: 'Pod', [text]: 1 }],
      ] as const) {
        const { whole } = await ask(tool, input)
        expect(leakIn(whole, windows)).toBeUndefined()
      }
    }
  })

  it('what is logged, at the level debug', () => {
    expect(agent.stderr().split('\n').length).toBeGreaterThan(100)
    expect(leakIn(agent.stderr(), windows)).toBeUndefined()
  })

  it('and something was taken out', () => {
    const marks = answers.filter(({ whole }) => whole.includes('[redacted:'))
    expect(marks.length).toBeGreaterThan(answers.length / 4)
    for (const { data } of marks) expect(data.classification).toBe('sensitive-redacted')
  })
})
