import { connect } from 'node:net'
import { text as read } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, start } from '../harness.ts'
import { documentOf, fakeApi, indexOf, json } from '../reference/fake-api.ts'
import { responsive } from '../reference/responsive.ts'

/** What an attacker who had not seen the code found; each would come back without its fix. */
const TOKEN = '4f1d9c0be27a86335ad0e4f7c1928b6d50fe83a1c47d92e6b805137fa9cd2e60'
const DOCUMENT = '/openapi/v3/apis/evil.test/v1'

describe('guesses at the token', () => {
  let guarded: Running
  beforeAll(async () => {
    guarded = await start({ KUBECONFIG: '/nowhere', MCP_TOKEN: TOKEN, HOST: '0.0.0.0' })
  })
  afterAll(() => guarded[Symbol.asyncDispose]())

  // A beginning of it, as it is and as hexadecimal, and the same with one character wrong.
  const right = [TOKEN.slice(0, 8), TOKEN.slice(0, 12), Buffer.from(TOKEN.slice(0, 4)).toString('hex')]
  const guesses = right.map((one) => [one, `${one.slice(0, -1)}${one.endsWith('9') ? '8' : '9'}`] as const)
  // Answers about two texts must differ by the texts alone.
  const told = (answer: { status: number; text: string; headers: Headers }, guess: string) =>
    [answer.status, answer.text, answer.headers.get('x-correlation-id') === guess ? 'echoed' : 'not']
      .join(' ')
      .replaceAll(guess, 'GUESS')
      .replaceAll(/[0-9a-f]{32}/g, 'ID')
      .replaceAll(/"uptimeSeconds":\d+/g, '')

  const PLACES: [
    name: string,
    path: (guess: string) => string,
    headers?: (guess: string) => Record<string, string>,
  ][] = [
    ['a correlation id', () => '/livez', (guess) => ({ 'x-correlation-id': guess })],
    ['a request id', () => '/docs/pods', (guess) => ({ 'x-request-id': guess })],
    ['a search', (guess) => `/search?q=${guess}`],
    ['a search, as a page', (guess) => `/search?q=${guess}&format=html`],
    ['a topic', (guess) => `/docs/${guess}`],
    ['a template', (guess) => `/templates/${guess}`],
    ['a value of a template', (guess) => `/templates/config-map?value=x${guess}&format=yaml`],
    ['a value of a template, as data', (guess) => `/templates/config-map?value=x${guess}&format=json`],
    ['a wrong value', (guess) => `/templates/deployment?replicas=${guess}`],
    ['a parameter', (guess) => `/docs?${guess}=1`],
    ['a kind', (guess) => `/api/core/v1/${guess}`],
    ['a field', (guess) => `/api/core/v1/Pod?field=spec.${guess}`],
    ['a version', (guess) => `/api?version=${guess}`],
    ['an address', (guess) => `/${guess}`],
  ]
  for (const [name, path, headers] of PLACES) {
    it(`as ${name} are not told apart`, async () => {
      for (const [hit, miss] of guesses) {
        const ask = async (guess: string) =>
          told(await guarded.get(path(guess), headers ? { headers: headers(guess) } : {}), guess)
        // Words near a text may differ; masks must not.
        const [first, second] = [await ask(hit), await ask(miss)]
        expect(first.includes('[redacted:'), first).toBe(second.includes('[redacted:'))
        expect(first.includes('echoed')).toBe(second.includes('echoed'))
      }
    })
  }

  it('the whole of it is still taken out where it stands in the wrong place', async () => {
    const { headers } = await guarded.get('/livez', { headers: { 'x-correlation-id': TOKEN } })
    expect(headers.get('x-correlation-id')).not.toBe(TOKEN)
    expect((await guarded.get(`/search?q=${TOKEN}`)).text).not.toContain(TOKEN)
  })
})

describe('what a lying cluster publishes', () => {
  const answering = async (schema: object, paths = indexOf('evil.test/v1')) => {
    const fake = await fakeApi()
    fake.answers.set('/openapi/v3', paths).set(DOCUMENT, json(documentOf('evil.test', 'Wide', schema)))
    const running = await start({ KUBECONFIG: fake.kubeconfig })
    return {
      running,
      [Symbol.asyncDispose]: async () => {
        await running[Symbol.asyncDispose]()
        await fake[Symbol.asyncDispose]()
      },
    }
  }

  it('a thousand fields with large values make no large page', async () => {
    const values = Array.from({ length: 20 }, (_one, at) => `${at} ${'x'.repeat(1_000)}`)
    const field = {
      type: 'string',
      enum: values,
      default: 'y'.repeat(5_000),
      description: 'z '.repeat(1_000),
    }
    const properties = Object.fromEntries(Array.from({ length: 1_000 }, (_one, at) => [`f${at}`, field]))
    await using server = await answering({ properties })
    const { value, answered } = await responsive(
      server.running,
      server.running.get('/api/evil.test/v1/Wide?field=spec'),
    )
    expect([value.status, value.body.total]).toEqual([200, 1_000])
    expect(value.text.length).toBeLessThan(400_000)
    expect(answered).toBeGreaterThan(0)
  })

  it('defaults and values of a field with a secret name are masked', async () => {
    const properties = {
      password: { type: 'string', default: 'Sup3rS3cretValue99' },
      apiKey: { type: 'string', enum: ['9f8e7d6c5b4a39281706f5e4d3c2b1a0'] },
      clientSecret: { type: 'string', pattern: '^Tr0ub4dor-and-3$' },
    }
    await using server = await answering({ properties })
    for (const format of ['json', 'html']) {
      const { text } = await server.running.get(`/api/evil.test/v1/Wide?field=spec&format=${format}`)
      expect(text).toContain('password')
      expect(text).not.toMatch(/Sup3rS3cret|9f8e7d6c|Tr0ub4dor/)
    }
    const { contents } = await server.running.rpc('resources/read', {
      uri: 'api://evil.test/v1/Wide?field=spec',
    })
    expect(contents[0].text).not.toMatch(/Sup3rS3cret|9f8e7d6c|Tr0ub4dor/)
  })

  it('names that no API server takes are left out, and break no page', async () => {
    const fake = await fakeApi()
    const names = ['evil.test/v1', 'a b/v1', '../../x/v1', 'x'.repeat(300)]
    fake.answers
      .set('/openapi/v3', indexOf(...names))
      .set(DOCUMENT, json(documentOf('evil.test', 'Wi\ud800de', {})))
    await using running = await start({ KUBECONFIG: fake.kubeconfig })
    for (const format of ['json', 'html'])
      expect((await running.get(`/api?format=${format}`)).status).toBe(200)
    await fake[Symbol.asyncDispose]()
  })

  it('an answer that unpacks to more than 64 MB is given up', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '))
    await using fake = await fakeApi()
    fake.answers.set('/openapi/v3', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
    })
    await using running = await start({ KUBECONFIG: fake.kubeconfig })
    const { body } = await running.get('/api/core/v1/Pod')
    expect(body.note).toContain('64 MB')
  })
})

describe('oddities', () => {
  let alone: Running
  beforeAll(async () => {
    alone = await start({ KUBECONFIG: '/nowhere' })
  })
  afterAll(() => alone[Symbol.asyncDispose]())

  const raw = async (request: string): Promise<string> => {
    const socket = connect(Number(new URL(alone.url).port), '127.0.0.1')
    socket.end(request)
    return read(socket)
  }

  it('a search of two words many times is those two words', async () => {
    const once = await alone.get('/search?q=pod%20node')
    const often = await alone.get(`/search?q=${'pod%20node%20'.repeat(15)}`)
    expect(often.body.items.map((one: { url: string }) => one.url)).toEqual(
      once.body.items.map((one: { url: string }) => one.url),
    )
  })

  it('addresses and hosts that cannot be read are the caller’s mistake', async () => {
    const end = 'Host: localhost\r\nConnection: close\r\n\r\n'
    expect(await raw(`GET // HTTP/1.1\r\n${end}`)).toMatch(/^HTTP\/1.1 (200|404)/)
    expect(await raw(`GET http://x:99999/docs HTTP/1.1\r\n${end}`)).toMatch(/^HTTP\/1.1 (200|400|404)/)
  })

  it('a page with a mistake is no page that has not changed', async () => {
    const headers = { accept: 'text/html', 'if-none-match': '*' }
    expect((await alone.get('/templates/deployment?replicas=x', { headers })).status).toBe(400)
  })

  it('as YAML and as JSON a template is the same, or refused', async () => {
    for (const separator of ['\u2028', '\u2029', '\u0085', '\r', '\u202e', '\u200b']) {
      const value = encodeURIComponent(`a${separator}kind: Secret`)
      for (const format of ['json', 'yaml']) {
        const { status, body } = await alone.get(`/templates/job?script=${value}&format=${format}`)
        expect([status, body.code ?? JSON.parse(String(body)).code]).toEqual([400, 'INVALID_INPUT'])
      }
    }
  })

  it('addresses of resources are bounded, and their parameters known', async () => {
    for (const [uri, said] of [
      [`api://core/v1/Pod?field=${'.x'.repeat(10_000)}`, 'at most'],
      ['api://core/v1/Pod?feild=spec', 'field'],
      ['docs://pods?x=1', 'no such parameter'],
      ['template://deployment?replicas=1&replicas=2', 'given twice'],
    ] as const) {
      const error = await alone.rpc('resources/read', { uri })
      expect(error.message).toContain(said)
      expect(JSON.stringify(error).length).toBeLessThan(3_000)
    }
  })
})
