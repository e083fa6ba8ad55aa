import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Body, type Running, start } from './harness.ts'

const LOGS = 'infra.k8s.pods.getPodLogs'
const KEY_BODY = Array.from(
  { length: 12 },
  (_, index) => `MIIEpAIBAAKCAQEA${String(index).padStart(2, '0')}${'kQ7'.repeat(14)}`,
)
const KEY = ['-----BEGIN RSA PRIVATE KEY-----', ...KEY_BODY, '-----END RSA PRIVATE KEY-----']

let cluster: ClusterHandle
let server: Running
let namespace: string

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('logs')
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  await cluster.apply(PODS.replaceAll('NS', namespace))
  for (const pod of ['web', 'two', 'long', 'live', 'keys']) {
    await cluster.kubectl(['wait', '-n', namespace, `pod/${pod}`, '--for=condition=Ready', '--timeout=60s'])
  }
  const lines = Array.from(
    { length: 3_000 },
    (_, index) => `line ${index} ${index % 1_000 === 7 ? 'ERROR' : 'ok'}`,
  )
  await cluster.writeLog(namespace, 'web', 'main', `${lines.join('\n')}\n`)
})

afterAll(async () => server?.[Symbol.asyncDispose]())

const logs = (input: object): Promise<Answer> => server.call(LOGS, { namespace, ...input })
const found = async (input: object): Promise<Body> => {
  const { status, body } = await logs(input)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** Requests of one call, from the cluster's own audit log. */
async function requestsOf(input: object, correlation: string): Promise<string[]> {
  const body = JSON.stringify({ namespace, ...input })
  await server.call(LOGS, {}, { body, headers: { 'x-correlation-id': correlation } })
  const mine = async () => {
    const all = await cluster.audit()
    const own = all.filter(
      (entry) => entry.userAgent?.includes(`cid=${correlation})`) && entry.stage === 'ResponseComplete',
    )
    return own.map((entry) => `${entry.verb} ${entry.objectRef?.subresource ?? entry.objectRef?.resource}`)
  }
  await expect.poll(mine).not.toEqual([])
  return mine()
}

describe('what is shown', () => {
  it('is the newest lines, oldest first, and says that there are older ones', async () => {
    const { lines, shown, total, pod, target } = await found({ name: 'web', tail: 3 })
    expect(lines).toEqual(['line 2997 ok', 'line 2998 ok', 'line 2999 ok'])
    expect([shown, total, pod, target.namespace]).toEqual([3, { atLeast: 123 }, 'web', namespace])
  })

  it('is 100 lines by default', async () => {
    const { lines, shown } = await found({ name: 'web' })
    expect([shown, lines[0]]).toEqual([100, 'line 2900 ok'])
  })

  it('is all that fits with -1, the newest where not all fit, with the true count', async () => {
    const { lines, shown, total } = await found({ name: 'web', tail: -1, maxTokens: 400 })
    expect(total).toBe(3_000)
    expect(shown).toBeLessThan(200)
    expect([lines.length, lines.at(-1)]).toEqual([shown, 'line 2999 ok'])
  })

  it('is matching lines with grep, plain or RE2', async () => {
    const plain = await found({ name: 'web', grep: 'error', tail: 2 })
    expect(plain.lines).toEqual(['line 1007 ERROR', 'line 2007 ERROR'])
    expect([plain.shown, plain.total, plain.note]).toEqual([2, 3, 'searched all 3000 lines'])
    const pattern = await found({ name: 'web', grep: '/^line [12]\\d*7 E/' })
    expect(pattern.lines).toEqual(['line 1007 ERROR', 'line 2007 ERROR'])
  })

  it('is nothing where nothing matches, said in words', async () => {
    const { lines, shown, total } = await found({ name: 'web', grep: 'absent' })
    expect([lines, shown, total]).toEqual([[], 0, 0])
    const { content } = await server.tool(LOGS, { namespace, name: 'web', grep: 'absent' })
    expect(content[0].text).toContain('none found')
  })

  it('respects since', async () => {
    expect((await found({ name: 'web', since: '2100-01-01T00:00:00Z' })).lines).toEqual([])
    expect((await found({ name: 'web', since: '1d', tail: 1 })).lines).toEqual(['line 2999 ok'])
  })

  it('survives bytes that are no text and a line of 1 MB', async () => {
    const odd = Buffer.concat([
      Buffer.from('first\n'),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from(`${'y'.repeat(1_000_000)}\nend\n`),
    ])
    await cluster.writeLog(namespace, 'long', 'main', odd)
    const { lines, note, total } = await found({ name: 'long', tail: 500 })
    expect(lines.slice(0, 2)).toEqual(['first', '\ufffd('])
    expect(lines[2]).toMatch(/^y{2000}… \[line of 1000000 bytes, cut\]$/)
    expect([lines[3], total]).toEqual(['end', 4])
    expect(note).toContain('1 very long lines were cut')
    // The runtime wrote the line in 62 pieces, and the cluster counts those: 121 are the last line and two of these.
    await cluster.writeLog(namespace, 'long', 'main', `start\n${`${'y'.repeat(1_000_000)}\n`.repeat(3)}end\n`)
    const few = await found({ name: 'long', tail: 1 })
    expect(few.total).toEqual({ atLeast: 3 })
    expect(few.note).toContain('once per 16 kB')
  })

  it('comes by REST too', async () => {
    const { status, body } = await server.get(`/cluster/pod/${namespace}/web/logs?tail=1`)
    expect([status, body.lines]).toEqual([200, ['line 2999 ok']])
  })
})

describe('secrets', () => {
  it('are taken out of lines and of text, and a key that spans lines is', async () => {
    await cluster.writeLog(
      namespace,
      'keys',
      'main',
      ['password=Tr0ub4dor-and-3', ...KEY, 'after', ''].join('\n'),
    )
    const { body, text } = await logs({ name: 'keys' })
    expect(text).not.toContain('Tr0ub4dor')
    for (const line of KEY_BODY) expect(text).not.toContain(line.slice(0, 24))
    expect(body.lines.at(-1)).toBe('after')
  })

  it('cannot be searched out of a key', async () => {
    expect((await found({ name: 'keys', grep: '/^MIIEp/' })).lines).toEqual([])
    expect((await found({ name: 'keys', grep: 'kQ7kQ7' })).lines).toEqual([])
  })
})

describe('requests', () => {
  it('are one for a warm read', async () => {
    expect(await requestsOf({ name: 'web', tail: 1 }, 'logs-one')).toEqual(['get log'])
    expect(await requestsOf({ name: 'web', grep: 'x' }, 'logs-grep')).toEqual(['get log'])
  })

  it('are one more to choose among containers', async () => {
    expect(await requestsOf({ name: 'two' }, 'logs-two')).toEqual(['get log', 'get pods', 'get log'])
    expect(await requestsOf({ name: 'two', container: 'main' }, 'logs-named')).toEqual(['get log'])
  })
})

describe('containers', () => {
  it('are chosen by the annotation, and the others named', async () => {
    const { container, note, lines } = await found({ name: 'two', tail: 1 })
    expect([container, note, lines]).toEqual(['side', 'other containers: main, setup', ['ready']])
  })
})

describe('errors', () => {
  it.each([
    [{ name: 'two', container: 'sied' }, 404, /^Pod two has no container "sied"; did you mean side\?$/],
    [{ name: 'wbe' }, 404, /^There is no Pod "wbe" in namespace ".*"; did you mean web\?$/],
    [{ name: 'pending' }, 404, /has written no log: not scheduled: 0\/\d+ nodes are available/],
    [{ name: 'pending', follow: true }, 404, /has written no log: not scheduled/],
    [{ name: 'keys', previous: true }, 404, /^There is no previous run of pod/],
    [{ name: 'web', since: 'yesterday' }, 400, /^since: /],
    [{ name: 'web', grep: '/(/' }, 400, /^grep: RE2 refuses this pattern: missing closing/],
    [{ name: 'web', grep: '/[ab]*a[ab]{900}c/' }, 400, /^grep: this pattern is too large$/],
  ])('%j', async (input, status, message) => {
    const answer = await logs(input)
    expect(answer.body.message ?? answer.body.detail).toMatch(message)
    expect(answer.status).toBe(status)
  })

  it('name a namespace that is not there', async () => {
    const { body } = await logs({ name: 'web', namespace: `${namespace}x` })
    expect(body.message ?? body.detail).toBe(
      `There is no namespace "${namespace}x"; did you mean ${namespace}?`,
    )
  })
})

describe('follow', () => {
  it('tells new lines as they come, sanitised, and ends when there are enough', async () => {
    await cluster.writeLog(namespace, 'live', 'main', 'before\n')
    const file = join(cluster.dir, 'pod-logs', namespace, 'live', 'main.log')
    const params = {
      name: LOGS,
      arguments: { namespace, name: 'live', follow: true, tail: 1 },
      _meta: { progressToken: 'p' },
    }
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    const messages: Body[] = []
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.+)$/m.exec(event)?.[1]
        if (!data) continue
        messages.push(JSON.parse(data))
        // Written only after the first line has been told: what comes now is new.
        if (messages.length === 1)
          await appendFile(
            file,
            cri(Array.from({ length: 600 }, (_, i) => `new ${i} password=Tr0ub4dor-and-3`)),
          )
      }
    }
    const told = messages.slice(0, -1).map((one) => one.params.message)
    expect(told[0]).toMatch(/^\[untrusted:\w+ source="log of pod live"\]\nbefore\n\[\/untrusted:\w+\]$/)
    expect(told.join('\n')).toMatch(/new \d+ password=\[redacted/)
    expect(JSON.stringify(messages)).not.toContain('Tr0ub4dor')
    const { structuredContent } = messages.at(-1).result
    expect(structuredContent.note).toMatch(/^followed until \d{3,} lines had come$/)
    expect(structuredContent.lines.at(-1)).toMatch(/^new \d+ password=\[redacted/)
  })
})

const cri = (lines: string[]): string =>
  lines.map((line) => `${new Date().toISOString().slice(0, -1)}000000Z stdout F ${line}\n`).join('')

const pod = (name: string, more = '') => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: NS }
spec: { containers: [{ name: main, image: x }]${more} }`

const PODS = [
  pod('web'),
  pod('long'),
  pod('live'),
  pod('keys'),
  pod('pending', ', nodeSelector: { no: node }'),
  `apiVersion: v1
kind: Pod
metadata: { name: two, namespace: NS, annotations: { kubectl.kubernetes.io/default-container: side } }
spec:
  initContainers: [{ name: setup, image: x }]
  containers: [{ name: main, image: x }, { name: side, image: x }]`,
].join('\n---\n')
