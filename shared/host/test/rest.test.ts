import { createFixture } from '@gatehouse/testing/mcp'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const fixture = createFixture()
let url = ''
let stop = async (_graceMs: number) => {}
beforeAll(async () => {
  const listener = await fixture.listen()
  url = listener.url
  stop = listener.stop
})
afterAll(() => stop(100))
const api = () => request(url)

describe('open routes', () => {
  it.each(['/livez', '/readyz'])('%s', async (path) => {
    const answer = await api().get(path).expect(200)
    expect(answer.text).toBe('ok')
  })

  it('/health in three states', async () => {
    expect((await api().get('/health').expect(200)).body).toEqual({ state: 'healthy' })
    for (const [state, status] of [
      ['degraded', 200],
      ['unhealthy', 503],
    ] as const) {
      const other = createFixture({ health: async () => ({ state }) })
      const listener = await other.listen()
      expect((await request(listener.url).get('/health').expect(status)).body).toEqual({ state })
      await listener.stop(100)
    }
  })

  it('documents, as JSON, also with a query', async () => {
    expect((await api().get('/?a=1').expect(200)).body).toEqual({ service: 'fixture' })
  })

  it('/metrics in Prometheus text', async () => {
    const answer = await api()
      .get('/metrics')
      .expect(200)
      .expect('content-type', /^text\/plain; version=0\.0\.4/)
    expect(answer.text).toContain('# TYPE gatehouse_calls_in_flight gauge')
  })

  it('/readyz says no once the service drains', async () => {
    const other = createFixture()
    const listener = await other.listen()
    other.service.drain()
    await request(listener.url).get('/readyz').expect(503)
    await request(listener.url).get('/livez').expect(200)
    await listener.stop(100)
  })
})

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 of every tool and route', async () => {
    const { body } = await api().get('/openapi.json').expect(200)
    expect(body.openapi).toBe('3.1.0')
    expect(body.info).toEqual({ title: 'Fixture', version: '1.2.3', description: 'A service for tests' })
    for (const tool of fixture.tools) expect(body.paths).toHaveProperty([`/tools/${tool.name}`, 'post'])
    const ids: string[] = []
    for (const [path, item] of Object.entries<Record<string, Operation>>(body.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        expect(['get', 'post']).toContain(method)
        ids.push(operation.operationId)
        expect(operation.responses).toHaveProperty('200')
        expect(operation.responses).toHaveProperty('default')
        const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path')
        expect(declared.map((one) => one.name).sort()).toEqual(named.sort())
        expect(declared.every((one) => one.required)).toBe(true)
      }
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has no reference that leads nowhere', async () => {
    const { body } = await api().get('/openapi.json')
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    )
    expect(references.length).toBeGreaterThan(0)
    for (const reference of references) expect(body).toHaveProperty(reference.split('/').slice(1))
  })
})

describe('tools by name', () => {
  it.each(['test.echo.say', 'test_echo_say'])('POST /tools/%s', async (name) => {
    const answer = await api().post(`/tools/${name}`).send({ text: 'x', number: 2 }).expect(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.body).toEqual({ text: 'x', number: 2 })
  })

  it('an empty body is an empty input', async () => {
    expect((await api().post('/tools/test.fail.known').expect(404)).body.code).toBe('NOT_FOUND')
  })

  it.each([
    ['/tools/test.echo.sai', 404, 'UNKNOWN_TOOL'],
    ['/tools/__proto__', 404, 'UNKNOWN_TOOL'],
    ['/tools/constructor', 404, 'UNKNOWN_TOOL'],
    ['/tools/%zz', 400, 'INVALID_INPUT'],
    ['/tools/%E0%A4%A', 400, 'INVALID_INPUT'],
    ['/tools/', 404, 'NOT_FOUND'],
    ['/tools/a/b', 404, 'NOT_FOUND'],
    ['/nowhere', 404, 'NOT_FOUND'],
    ['/mcpx', 404, 'NOT_FOUND'],
    ['/tools/test.fail.unexpected', 500, 'INTERNAL'],
    ['/tools/test.write.change', 403, 'BLOCKED_BY_POLICY'],
  ])('POST %s: %i %s as problem+json', async (path, status, code) => {
    const answer = await api().post(path).set('x-correlation-id', 'cid-9').send({}).expect(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.headers['x-correlation-id']).toBe('cid-9')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    const problem = JSON.parse(answer.text || answer.body.toString())
    expect(problem).toMatchObject({ type: 'about:blank', status, code, correlation_id: 'cid-9' })
    expect(problem.title).toBe(problem.message)
    expect(problem.hint).toBeTruthy()
    expect(answer.text).not.toMatch(/node_modules|10\.1\.2\.3| {4}at /)
  })

  it('offers the nearest route', async () => {
    const answer = await api().get('/openapi.jsn').expect(404)
    expect(problem(answer).message).toBe('There is no such address; did you mean /openapi.json?')
  })

  it.each(['{', '', 'null', '[]', '"x"', '5'])('the body %j is no input', async (body) => {
    const answer = await api().post('/tools/test.echo.say').set('content-type', 'application/json').send(body)
    expect(answer.status).toBe(400)
    expect(problem(answer).code).toBe('INVALID_INPUT')
  })

  it('a body of 5 MB is refused', async () => {
    const answer = await api()
      .post('/tools/test.echo.say')
      .send({ text: 'x'.repeat(5e6) })
      .expect(413)
    expect(problem(answer).code).toBe('TOO_LARGE')
  })
})

describe('routes of a tool', () => {
  it('turn texts into the types of the input', async () => {
    const { body } = await api().get('/echo/hello?number=3&flag=false&list=a,b').expect(200)
    expect(body).toEqual({ text: 'hello', number: 3, flag: false, list: ['a', 'b'] })
  })
  it('set their defaults unless the caller says otherwise', async () => {
    expect((await api().get('/echo/a')).body).toEqual({ text: 'a', flag: true })
    expect((await api().get('/echo/a?number=1')).body).toEqual({ text: 'a', number: 1 })
  })
  it('a path parameter stays what it is', async () => {
    expect((await api().get('/echo/5%2F6')).body.text).toBe('5/6')
    expect((await api().get('/echo/true')).body.text).toBe('true')
  })
  it('the path wins over a query of the same name', async () => {
    expect((await api().get('/echo/path?text=query')).body.text).toBe('path')
  })
  it.each([
    'number=x',
    'number=1.5',
    'nope=1',
    'constructor=1',
    '__proto__=1',
    'toString=1',
    'number=1&number=2',
  ])('?%s is refused as input', async (query) => {
    const answer = await api().get(`/echo/a?${query}`)
    expect([answer.status, problem(answer).code]).toEqual([400, 'INVALID_INPUT'])
  })
})

interface Operation {
  operationId: string
  responses: Record<string, unknown>
  parameters?: { name: string; in: string; required: boolean }[]
}

// supertest does not take problem+json for JSON.
function problem(answer: { text?: string; body: unknown }): Record<string, string> {
  return JSON.parse(answer.text || String(answer.body))
}
