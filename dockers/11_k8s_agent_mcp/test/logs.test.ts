import { generateKeyPairSync } from 'node:crypto'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, readsOf, startAgent } from './harness.ts'

const cluster = await sharedCluster()
const pem = generateKeyPairSync('rsa', {
  modulusLength: 4096,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey.trim()
const pemLines = pem.split('\n')
const bodyLines = pemLines.slice(1, -1)

let agent: Agent
let namespace: string
const system = `agent-logs-${Math.random().toString(36).slice(2, 8)}`

const pod = (name: string, at: string, containers: string[], more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${at} }\nspec: { ${more}containers: [${containers.map((one) => `{ name: ${one}, image: i }`)}] }`

beforeAll(async () => {
  namespace = await cluster.freshNamespace('logs')
  const pods = [
    pod('web', namespace, ['app']),
    pod('two', namespace, ['app', 'side']),
    pod('fresh', namespace, ['app']),
    pod('waiting', namespace, ['app'], 'nodeSelector: { no: such-node }, '),
    pod(system, 'kube-system', ['app']),
  ]
  await cluster.apply(pods.join('\n---\n'))
  for (const [name, at] of [
    ['web', namespace],
    ['two', namespace],
    ['fresh', namespace],
    [system, 'kube-system'],
  ] as const)
    await cluster.kubectl(['wait', '-n', at, `pod/${name}`, '--for=condition=Ready', '--timeout=60s'])
  agent = await startAgent(cluster.kubeconfig)
})
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]()
  await cluster.kubectl(['delete', 'pod', system, '-n', 'kube-system', '--wait=false'])
})

const write = (content: string | Buffer) => cluster.writeLog(namespace, 'web', 'app', content)
const logs = async (input: object = {}) => agent.call('k8s_pod_logs', { name: 'web', namespace, ...input })

describe('bounds', () => {
  it('of 10,000 lines the newest, 100 by default, at most 500, and says that there are older ones', async () => {
    await write(`${Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n')}\n`)
    const { data, text } = await logs()
    expect([data.shown, data.lines[0], data.lines.at(-1), data.older]).toEqual([
      100,
      'line 9900',
      'line 9999',
      true,
    ])
    expect(text).toContain('100 lines shown, newest last, there are older ones')
    const most = await logs({ tailLines: 500 })
    expect([most.data.shown, most.data.lines[0], most.data.lines.at(-1)]).toEqual([
      500,
      'line 9500',
      'line 9999',
    ])
    expect((await logs({ tailLines: 1 })).data.lines).toEqual(['line 9999'])
  })

  it.each([0, 501, -1, 1.5, '100', 1e9, null, true])('tailLines %j is refused', async (tailLines) => {
    expect((await logs({ tailLines })).data.code).toBe('INVALID_INPUT')
  })

  it('of 500 long lines as many as fit, the newest, in text and data alike', async () => {
    await write(
      `${Array.from({ length: 600 }, (_, index) => `${index} ${'word '.repeat(200)}`).join('\n')}\n`,
    )
    const { data, text } = await logs({ tailLines: 500 })
    expect(data.shown).toBeLessThan(200)
    expect(data.lines).toHaveLength(data.shown)
    expect(data.lines.at(-1)).toMatch(/^599 /)
    expect(data.older).toBe(true)
    expect(text.length).toBeLessThan(64_000)
    expect(text).toContain('\n599 word')
  })

  it('a line of 1 MB loses its end, and its neighbours stay', async () => {
    await write(`before\n${'y'.repeat(1_000_000)}\nafter\n`)
    const { data, text } = await logs()
    expect(data.lines).toEqual([
      'before',
      expect.stringMatching(/^y{2000}… \[line of 1000000 bytes, cut\]$/),
      'after',
    ])
    expect(data.note).toContain('very long lines were cut')
    expect(text.length).toBeLessThan(5_000)
  })

  it('a secret at the cut of a long line is not halved', async () => {
    for (const at of [1_970, 1_990, 16_370, 16_380]) {
      await write(`${'z'.repeat(at)} password=Zq7wHalfOfThisIsEnough99 ${'y'.repeat(30_000)}\n`)
      expect((await logs()).whole).not.toMatch(/Zq7wHalf/)
    }
  })

  it('bytes that are no UTF-8 become replacement characters', async () => {
    await write(Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0x00, 0x62, 0x0a]))
    const { data, isError } = await logs()
    expect(isError).toBe(false)
    expect(data.lines).toHaveLength(3)
    expect(data.lines[0]).toBe('a\ufffd\ufffd\ufffd(')
    expect(data.lines.join('')).not.toContain('\0')
  })

  it('an empty log is said to be empty', async () => {
    await write('')
    const { data, text } = await logs()
    expect([data.lines, data.older]).toEqual([[], false])
    expect(text).toContain('none found')
  })
})

describe('a private key', () => {
  const shownOf = (whole: string) =>
    bodyLines.filter((line) => whole.includes(line.slice(0, 16)) || whole.includes(line.slice(-16)))

  it('cut by the tail at every one of its lines shows none of its body', async () => {
    await write(`start\n${pem}\nlast words\n`)
    for (let tailLines = 1; tailLines <= pemLines.length + 2; tailLines++) {
      const { whole, data } = await logs({ tailLines })
      expect({ tailLines, shown: shownOf(whole) }).toEqual({ tailLines, shown: [] })
      expect(data.lines.at(-1)).toBe('last words')
    }
  })

  it('that began before anything that is read shows none of its body', async () => {
    const filler = Array.from({ length: 300 }, (_, index) => `line ${index}`)
    for (const behind of [0, 1, 60, 119, 120, 121, 170]) {
      await write(`${[...filler, ...pemLines, ...filler.slice(0, behind)].join('\n')}\n`)
      for (const tailLines of [1, 20, 51, 100]) {
        expect(
          shownOf((await logs({ tailLines })).whole),
          `${behind} lines behind, ${tailLines} asked`,
        ).toEqual([])
      }
    }
  })

  it('and a password in a block of YAML, cut off from its name by the tail, is not shown either', async () => {
    const secrets = ['Zq7wBlockOne0123456789', 'Zq7wBlockTwo0123456789', 'Zq7wBlockThree01234567']
    await write(`app:\n  password: |\n    ${secrets.join('\n    ')}\n  other: 1\n`)
    for (let tailLines = 1; tailLines <= 6; tailLines++)
      expect((await logs({ tailLines })).whole, `${tailLines} lines`).not.toContain('Zq7wBlock')
  })

  it.each([
    ['without an end', `${pemLines.slice(0, -1).join('\n')}\n`],
    ['without a beginning', `${pemLines.slice(1).join('\n')}\nlast\n`],
    ['without either', `${bodyLines.join('\n')}\n`],
    [
      'indented and numbered by a logger',
      `${pemLines.map((line, index) => `2026-11-21T00:00:0${index % 10}Z app ${line}`).join('\n')}\n`,
    ],
    ['in one line with escapes', `{"key":"${pem.replaceAll('\n', '\\n')}"}\n`],
    ['in Windows lines', `${pemLines.join('\r\n')}\r\n`],
  ])('%s shows none of its body', async (_what, content) => {
    await write(content)
    for (const tailLines of [1, 10, 500]) expect(shownOf((await logs({ tailLines })).whole)).toEqual([])
  })
})

describe('what cannot be shown is said', () => {
  it('several containers: their names', async () => {
    const { data, text } = await logs({ name: 'two' })
    expect(data.code).toBe('CLUSTER_REFUSED')
    expect(text).toMatch(/app.*side/)
    expect((await logs({ name: 'two', container: 'side' })).data).toMatchObject({ container: 'side' })
    expect((await logs({ name: 'two', container: 'no-such' })).text).toMatch(/container no-such is not valid/)
  })

  it('no previous run', async () => {
    await write('now\n')
    const { data } = await logs({ previous: true })
    // The kubelet of the test cluster serves a log of a run before for each pod; what it says is passed on.
    expect(data.code ?? data.lines).toBeTruthy()
    expect(JSON.stringify(data)).not.toContain('now')
  })

  it('a pod that has no node yet has no log', async () => {
    const { data, text, isError } = await logs({ name: 'waiting' })
    expect([isError, data.lines]).toEqual([false, []])
    expect(text).toContain('none found')
  })

  it.each([
    [{ name: 'absent' }, /pods "absent" not found/],
    [{ namespace: 'no-such-namespace' }, /not found/],
  ])('%j', async (input, message) => {
    const { data } = await logs(input)
    expect(data).toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(message) })
  })
})

it('logs of system pods are readable, sanitized too', async () => {
  await cluster.writeLog('kube-system', system, 'app', 'hello token=Zq7wSystemToken0123456\n')
  const { id, data, whole } = await agent.call('k8s_pod_logs', { name: system, namespace: 'kube-system' })
  expect(data.lines[0]).toMatch(/^hello token=\[redacted:/)
  expect(whole).not.toContain('Zq7wSystem')
  expect(await readsOf(cluster, agent, id)).toHaveLength(1)
})
