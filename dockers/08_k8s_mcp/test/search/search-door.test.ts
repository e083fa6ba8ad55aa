import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from '../harness.ts'
import { responsive, searchable } from '../reference/responsive.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-search-'))
const HTML = { headers: { accept: 'text/html' } }

let running: Running
beforeAll(async () => {
  running = await start({ KUBECONFIG: path.join(folder, 'nowhere') })
  await searchable(running)
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const search = (q: string, more = '') => running.get(`/search?q=${encodeURIComponent(q)}${more}`)

describe('an answer', () => {
  it('has exactly this shape', async () => {
    const { body } = await search('probe', '&limit=7')
    expect(Object.keys(body)).toEqual(['query', 'total', 'items'])
    expect([body.query, body.items.length, body.total > 7]).toEqual(['probe', 7, true])
    for (const item of body.items) {
      expect(Object.keys(item).sort()).toEqual(['fragment', 'kind', 'score', 'title', 'url'])
      expect(
        Object.values(item)
          .map((one) => typeof one)
          .sort(),
      ).toEqual([...Array(4).fill('string'), 'number'].sort())
    }
    const scores = body.items.map((one: Body) => one.score)
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a))
  })

  it.each(['topic', 'template', 'tool', 'field'])('of one kind: %s', async (kind) => {
    const { body } = await search('pod', `&kind=${kind}`)
    expect(body.items.length).toBeGreaterThan(0)
    expect(new Set(body.items.map((one: Body) => one.kind))).toEqual(new Set([kind]))
  })

  it('shows a topic once', async () => {
    const { body } = await search('pod', '&kind=topic&limit=100')
    const topics = body.items.map((one: Body) => one.url.replace(/#.*/, ''))
    expect(new Set(topics).size).toBe(topics.length)
  })

  it('to a path with a typing error begins with the field that is meant', async () => {
    const { body } = await search('pod.spec.contaners.image')
    expect(body.items[0].title).toBe('Pod.spec.containers.image')
  })

  it('begins with what is typed', async () => {
    const { body } = await search('daemo')
    expect(body.items.some((one: Body) => one.title.startsWith('DaemonSet'))).toBe(true)
  })
})

describe('any query', () => {
  it.each([
    '!?.,;:',
    '***',
    '**',
    '[]()',
    '部署',
    'развертывание',
    'ανάπτυξη',
    'نشر',
    '🙂',
    '\u0000',
    'a\nb',
    '..',
    'no',
    'the',
  ])('%j is answered, in both forms', async (q) => {
    const [data, page] = [await search(q), await running.get(`/search?q=${encodeURIComponent(q)}`, HTML)]
    expect([data.status, page.status]).toEqual([200, 200])
    expect(data.body.total).toBeGreaterThanOrEqual(data.body.items.length)
  })

  it('is never markup', async () => {
    const q = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    const { text } = await running.get(`/search?q=${encodeURIComponent(q)}`, HTML)
    expect(text).not.toMatch(/<script>alert|<img src=x/)
    expect(text).toContain('&lt;script&gt;alert(1)')
    expect((await search(q)).body.query).toBe(q)
  })

  it('that is a secret comes back masked', async () => {
    const { text } = await search('password: hunter2hunter2')
    expect(text).not.toContain('hunter2hunter2')
  })

  it('of 200 characters is answered; of 201 and 10,000 refused', async () => {
    expect((await search('x'.repeat(200))).status).toBe(200)
    expect((await search('ab '.repeat(66))).status).toBe(200)
    for (const length of [201, 10_000]) {
      const { status, body } = await search('x'.repeat(length))
      expect([status, body.code, body.message]).toEqual([
        400,
        'INVALID_INPUT',
        'q: takes at most 200 characters',
      ])
      expect((await running.get(`/search?q=${'x'.repeat(length)}`, HTML)).status).toBe(400)
    }
  })
})

describe('a wrong parameter', () => {
  it.each([
    ['?q=a&q=b', /^q: is given twice/],
    ['', /^q: is what to search for/],
    ['?q=', /^q: is what to search for/],
    ['?q=%20', /^q: is what to search for/],
    ['?q=a&kind=pod', /^kind: is one of topic, template, tool, field/],
    ['?q=a&kind=topic&kind=tool', /^kind: is given twice/],
    ['?q=a&limit=0', /^limit: is a number from 1 to 100/],
    ['?q=a&limit=101', /^limit/],
    ['?q=a&limit=-1', /^limit/],
    ['?q=a&limit=1e1', /^limit/],
    ['?q=a&limit=', /^limit/],
    ['?q=a&limits=5', /^limits: there is no such parameter here; did you mean limit/],
    ['?query=a', /^query: there is no such parameter/],
  ])('%s is refused', async (query, message) => {
    const { status, body } = await running.get(`/search${query}`)
    expect([status, body.code]).toEqual([400, 'INVALID_INPUT'])
    expect(body.message).toMatch(message)
    expect(body.hint).toBe('Parameters of this address: q, kind, limit, format')
  })
})

describe('every address', () => {
  it('that is found answers, and has the anchor it names', async () => {
    const urls = new Set<string>()
    for (const q of ['pod', 'spec', 'name', 'policy', 'volume', 'status', 'secret', 'node', 'role', 'tool']) {
      const { body } = await search(q, '&limit=100')
      for (const { url } of body.items) urls.add(url)
    }
    expect(urls.size).toBeGreaterThan(300)
    const pages = new Map<string, string>()
    for (const url of urls) {
      const [address = '', anchor] = url.split('#')
      const known = pages.get(address)
      const { status, text } = known ? { status: 200, text: known } : await running.get(address, HTML)
      pages.set(address, text)
      expect([url, status]).toEqual([url, 200])
      if (anchor) expect(text.includes(`id="${anchor}"`), url).toBe(true)
    }
  })
})

it('a hundred at once are all right, and the process stays responsive', async () => {
  const words = [
    'pod',
    'maxSurge',
    'why does my pod restart',
    'deploy.spec.strategy',
    'zzz qqq',
    'spec name status',
  ]
  const all = Promise.all(
    Array.from({ length: 100 }, (_, index) => search(words[index % words.length] ?? '')),
  )
  const { value, answered } = await responsive(running, all)
  expect(answered).toBeGreaterThan(0)
  for (const [index, { status, body }] of value.entries()) {
    expect([status, body.query]).toEqual([200, words[index % words.length]])
  }
})
