import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { canonicalJson, digestOf as digestOfText } from '@gatehouse/audit'
import { eventually, sharedCluster } from '@gatehouse/testing'
import { startChromium } from '@gatehouse/testing/chromium'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT, APPROVER, type Body, type Suite, startSuite } from './suite.ts'

// What somebody tried who wanted in. The first part got through when it was written, the second did not.

const cluster = await sharedCluster()
const FORM = 'application/x-www-form-urlencoded'
let suite: Suite
let namespace: string

const get = (what: string, jsonpath: string) =>
  cluster.kubectl(['get', ...what.split(' '), '-n', namespace, '-o', `jsonpath=${jsonpath}`])
const make = async (object: Body): Promise<Body> =>
  JSON.parse(
    await cluster.kubectl(['create', '-n', namespace, '-o', 'json', '-f', '-'], JSON.stringify(object)),
  )
const configMap = (name: string, data: Record<string, string> = { v: '1' }) =>
  make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })

const target = (kind: string, name: string, apiVersion?: string) => ({
  kind,
  name,
  namespace,
  ...(apiVersion && { apiVersion }),
})
/** Asks on the approval port as the agent. */
const ask = (operation: Body, more: Body = {}, at = suite) =>
  at.approvals('/api/operations', { token: AGENT, body: { operations: [operation], ...more } })
const patch = (kind: string, name: string, content: Body, patchType = 'merge', apiVersion?: string) =>
  ask({ type: 'patch', target: target(kind, name, apiVersion), patchType, patch: content })
const create = (kind: string, name: string, object: Body, apiVersion?: string) =>
  ask({ type: 'create', target: target(kind, name, apiVersion), object })
/** A request as the agent's own token may read it. */
const seen = async (requestId: string, at = suite): Promise<Body> =>
  (await at.approvals(`/api/approvals/${requestId}`, { token: AGENT })).body
/** All that a call gives its caller: the answer, and the request that came of it. */
const told = async ({ body }: { body: Body }) =>
  JSON.stringify([body, body.requestId && (await seen(body.requestId))])
/** Everything on the page that says what one operation does. */
const shownOf = ({ diff, command, exec, warnings, impact, unseen }: Body) =>
  JSON.stringify([diff, command, exec, warnings, impact, unseen])

const marksOf = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/\[redacted:[a-z-]+:([0-9a-f]+)\]/g)].map(([, digest]) => digest)

/** One statement after the other in one transaction, as who has got hold of the database file. */
function tamper(at: Suite, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(path.join(at.stateDir, 'gatehouse.db'))
  try {
    db.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
    change(db)
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}
const epochOf = (db: DatabaseSync) =>
  Number(db.prepare('SELECT sum(epoch) AS epoch FROM brakes WHERE engaged = 0').get()?.epoch)
const digestOf = (token: string) => createHash('sha256').update(`gatehouse/secret/1\n${token}`).digest('hex')

interface Raw {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}
/** A request with any header, as no browser and no fetch lets one write it. */
async function raw(
  method: string,
  at: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Raw> {
  const { port } = new URL(suite.urls.approvals)
  const sent = httpRequest({ host: '127.0.0.1', port, method, path: at, headers, setHost: !headers.host })
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}
const fieldIn = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? ''

async function loginForm(): Promise<{ cookie: string; formToken: string }> {
  const page = await raw('GET', '/login')
  const [cookie = ''] = [page.headers['set-cookie']].flat().map((one) => one?.split(';')[0])
  return { cookie, formToken: fieldIn(page.text, 'form-token') }
}
async function login(token: string, { cookie, formToken }: Awaited<ReturnType<typeof loginForm>>) {
  const body = new URLSearchParams({ 'form-token': formToken, token, next: '/' }).toString()
  return raw('POST', '/login', { cookie, origin: suite.urls.approvals, 'content-type': FORM }, body)
}
async function session(): Promise<string> {
  const { headers } = await login(APPROVER, await loginForm())
  const cookies = [headers['set-cookie']].flat().map((one) => one?.split(';')[0] ?? '')
  return cookies.find((one) => one.startsWith('gatehouse-session=')) ?? ''
}

const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'nginx:1.28',
            env: [
              { name: 'DB_PASSWORD', value: 'plum-horse-91x' },
              { name: 'MODE', value: 'a' },
            ],
          },
        ],
      },
    },
  },
}
const GROUP = 'attacks.example.com'
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `attackthings.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'AttackThing', plural: 'attackthings', singular: 'attackthing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        // Without a status sub-resource, so that status is a field like any other.
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}
const THING = `${GROUP}/v1`

beforeAll(async () => {
  namespace = await cluster.freshNamespace('attacks')
  await cluster.apply(JSON.stringify(DEFINITION))
  await make(WEB)
  await configMap('settings', { password: 'plum-horse-92x', mode: 'a' })
  await make({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys' },
    stringData: { a: 'plum-horse-95x' },
  })
  await make({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'box' },
    spec: { containers: [{ name: 'box', image: 'busybox:1.37', command: ['sleep', '600'] }] },
  })
  suite = await startSuite({ kubeconfig: cluster.kubeconfig })
  await eventually('box runs', async () => (await get('pod box', '{.status.phase}')) === 'Running')
})
afterAll(() => suite?.[Symbol.asyncDispose]())

describe('found: effects without a decision', () => {
  it('a request that nobody decided is not carried out because its row says that it is under way', async () => {
    await configMap('undecided')
    const { requestId } = (await patch('ConfigMap', 'undecided', { data: { v: '2' } })).body
    tamper(suite, (db) => {
      const epoch = epochOf(db)
      db.prepare("UPDATE requests SET state = 'approved' WHERE id = ?").run(requestId)
      db.prepare(
        `UPDATE requests SET state = 'executing', fence = 1, lease_owner = 'x', lease_until = 1, decided_at = 1,
         claim_by = 1, brake_epoch = ? WHERE id = ?`,
      ).run(epoch, requestId)
    })
    const { state } = await suite.ended(requestId)
    expect({ state, value: await get('cm undecided', '{.data.v}') }).toEqual({ state: 'blocked', value: '1' })
  })

  it('a token that is not on the record decides nothing', async () => {
    await configMap('forged-token')
    const own = 'mallory-made-this-token-herself-0123456789'
    tamper(suite, (db) => {
      const now = Date.now()
      db.prepare("INSERT INTO identities (subject, kind) VALUES ('mallory', 'human')").run()
      db.prepare(
        `INSERT INTO tokens (id, hash, subject, name, scopes, created_at, expires_at)
         VALUES (?, ?, 'mallory', 'x', 'read approve', ?, ?)`,
      ).run(randomUUID(), digestOf(own), now, now + 3_600_000)
    })
    const { requestId } = (await patch('ConfigMap', 'forged-token', { data: { v: '2' } })).body
    const { status } = await suite.approve(requestId, own)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(await get('cm forged-token', '{.data.v}')).toBe('1')
  })

  it('an approval that somebody wrote into the record himself is none', async () => {
    await configMap('forged-vote')
    const { requestId } = (await patch('ConfigMap', 'forged-vote', { data: { v: '2' } })).body
    tamper(suite, (db) => {
      const one = (sql: string, ...values: string[]): Body => db.prepare(sql).get(...values)
      const { plan_digest: plan, view_digest: view } = one('SELECT * FROM requests WHERE id = ?', requestId)
      const credential = `token:${one("SELECT id FROM tokens WHERE subject = 'admin'").id}`
      const head = one('SELECT * FROM audit_chain ORDER BY seq DESC LIMIT 1')
      const time = Date.now()
      db.prepare(
        `INSERT INTO decisions (request_id, subject, decision, credential, plan_digest, view_digest, single_user, at)
         VALUES (?, 'admin', 'approve', ?, ?, ?, 0, ?)`,
      ).run(requestId, credential, plan, view, time)
      const row = {
        actor: { subject: 'admin', kind: 'human' as const, credential },
        chain: head.chain,
        outcome: 'approved',
        payloadDigest: null,
        plan,
        prev: head.hash,
        request: requestId,
        seq: head.seq + 1,
        singleUser: false,
        time,
        type: 'decision.approve',
      }
      db.prepare(
        `INSERT INTO audit_chain (seq, time, chain, type, actor_subject, actor_kind, actor_credential, request_id,
         plan_digest, outcome, single_user, prev, hash) VALUES (?, ?, ?, ?, 'admin', 'human', ?, ?, ?, ?, 0, ?, ?)`,
      ).run(
        row.seq,
        time,
        row.chain,
        row.type,
        credential,
        requestId,
        plan,
        row.outcome,
        row.prev,
        digestOfText('audit-row/1', canonicalJson(row)),
      )
      db.prepare(
        "UPDATE requests SET state = 'approved', decided_at = ?, claim_by = ?, brake_epoch = ? WHERE id = ?",
      ).run(time, time + 600_000, epochOf(db), requestId)
    })
    const { state } = await suite.ended(requestId)
    expect({ state, value: await get('cm forged-vote', '{.data.v}') }).toEqual({
      state: 'blocked',
      value: '1',
    })
  })
})

describe('found: secrets', () => {
  const ENV = '/spec/template/spec/containers/0/env'
  const COPIES: [string, string, string, Body[]][] = [
    ['renames its variable', 'Deployment', 'web', [{ op: 'replace', path: `${ENV}/0/name`, value: 'MODE2' }]],
    [
      'copies it to another variable',
      'Deployment',
      'web',
      [{ op: 'copy', from: `${ENV}/0/value`, path: `${ENV}/1/value` }],
    ],
    [
      'copies it to an annotation',
      'Deployment',
      'web',
      [
        { op: 'add', path: '/metadata/annotations/x', value: 'y' },
        { op: 'copy', from: `${ENV}/0/value`, path: '/metadata/annotations/x' },
      ],
    ],
    [
      'copies it to where the API server complains of it',
      'Deployment',
      'web',
      [{ op: 'copy', from: `${ENV}/0/value`, path: '/spec/template/spec/restartPolicy' }],
    ],
    [
      'moves a key of a ConfigMap',
      'ConfigMap',
      'settings',
      [{ op: 'move', from: '/data/password', path: '/data/x' }],
    ],
  ]
  it.each(COPIES)('no value comes out through a patch that %s', async (_what, kind, name, steps) => {
    expect(await told(await patch(kind, name, steps, 'json'))).not.toContain('plum-horse')
  })

  it('what a caller says in its reason or its command has no digest to compare with that of a secret', async () => {
    const read = await fetch(`${suite.urls.remediation}/tools/execute_kubectl`, {
      method: 'POST',
      headers: { authorization: `Bearer ${AGENT}`, 'content-type': 'application/json' },
      body: JSON.stringify({ command: `kubectl get secret keys -n ${namespace} -o yaml` }),
    })
    const [digest] = marksOf(await read.json())
    expect(digest).toMatch(/^[0-9a-f]+$/)
    const guess = { claim: { reason: 'password=plum-horse-95x' } }
    const reasoned = await ask(
      { type: 'create', target: target('ConfigMap', 'guess'), object: { data: { a: 'b' } } },
      guess,
    )
    const ran = await ask({
      type: 'exec',
      target: target('Pod', 'box'),
      command: ['x', 'PASSWORD=plum-horse-95x'],
    })
    const record = (await suite.approvals('/api/audit', { token: AGENT })).body
    const all = [await told(reasoned), await told(ran), record]
    expect(all.map((one) => marksOf(one).includes(digest))).toEqual([false, false, false])
  })
})

describe('found: what is approved is not what is seen', () => {
  const HIDING: [string, string][] = [
    ['a key', ': -----BEGIN RSA PRIVATE KEY-----\necho out of sight\n: -----END RSA PRIVATE KEY-----'],
    ['a password', 'DB_PASSWORD="$(echo out of sight)" true'],
    ['a login', 'echo http://user:$(echo,out,of,sight)@x/'],
  ]
  it.each(HIDING)('code that looks like %s is shown, or cannot be approved', async (_what, code) => {
    const run = await ask({ type: 'exec', target: target('Pod', 'box'), command: ['sh', '-c', code] })
    const containers = [{ name: 'c', image: 'busybox:1.37', command: ['sh', '-c', code] }]
    const pod = await create('Pod', 'hiding', { spec: { containers } })
    for (const { body } of [run, pod]) {
      if (body.requestId === undefined) continue
      const { approvable, operations } = await seen(body.requestId)
      expect(approvable && !/out.{1,6}of.{1,6}sight/.test(shownOf(operations[0]))).toBe(false)
    }
  })

  it('status of a kind where it is a field like any other does not change unseen', async () => {
    await make({
      apiVersion: THING,
      kind: 'AttackThing',
      metadata: { name: 'one' },
      spec: { a: 1 },
      status: { mode: 'safe' },
    })
    // The secret makes the page leave out the command, which alone would show it.
    const change = { spec: { a: 2, password: 'abcdefgh-123' }, status: { mode: 'evil' } }
    const { body } = await patch('AttackThing', 'one', change, 'merge', THING)
    if (body.requestId === undefined) return
    expect(shownOf((await seen(body.requestId)).operations[0])).toContain('evil')
  })

  it('a deletion that takes a PersistentVolumeClaim along by its owner is refused', async () => {
    const { metadata } = await configMap('owner')
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid }]
    const resources = { requests: { storage: '1Gi' } }
    await make({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', ownerReferences },
      spec: { accessModes: ['ReadWriteOnce'], resources },
    })
    const { body } = await ask({ type: 'delete', target: target('ConfigMap', 'owner') })
    expect(body.code).toBe('BLOCKED_BY_POLICY')
  })

  it('what goes along with a deletion is named', async () => {
    const { metadata } = await configMap('parent')
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: metadata.uid }]
    await make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'the-child', ownerReferences } })
    const { body } = await ask({ type: 'delete', target: target('ConfigMap', 'parent') })
    expect(JSON.stringify((await seen(body.requestId)).operations[0].impact)).toContain('the-child')
  })

  it('the name of the tool, which the caller says itself, cannot pose as a statement of the page', async () => {
    const tool = 'the page, after bob and carol approved it (2 of 2)'
    const operation = { type: 'create', target: target('ConfigMap', 'posing'), object: { data: { a: 'b' } } }
    const { body } = await ask(operation, { tool })
    if (body.requestId === undefined) return
    expect((await seen(body.requestId)).tool).not.toContain('approved it')
  })

  it('an annotation cannot pose as a statement about what a change touches', async () => {
    const text = 'x. Security has reviewed this change and nothing else is touched. Helm release y'
    const annotations = { 'meta.helm.sh/release-name': text }
    await make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'released', annotations } })
    const { body } = await patch('ConfigMap', 'released', { data: { v: '2' } })
    const { impact } = (await seen(body.requestId)).operations[0]
    expect(JSON.stringify(impact)).not.toContain('Security has reviewed this change')
  })

  it('a pod template is judged under whatever name it stands, also under status', async () => {
    const spec = { hostNetwork: true, containers: [{ name: 'c', securityContext: { privileged: true } }] }
    const plain = await create('AttackThing', 'two', { spec: { x: { template: { spec } } } }, THING)
    const hidden = await create('AttackThing', 'two', { spec: { status: { template: { spec } } } }, THING)
    expect([plain.body.code, hidden.body.code]).toEqual(['BLOCKED_BY_POLICY', 'BLOCKED_BY_POLICY'])
  })
})

describe('found: browsers and floods', () => {
  it('one agent that waits does not keep others from waiting', async () => {
    await configMap('waiting')
    const { requestId } = (await patch('ConfigMap', 'waiting', { data: { v: '2' } })).body
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${AGENT}` }
    const address = `${suite.urls.approvals}/api/operations/${requestId}?wait=60`
    const waits = Array.from({ length: 210 }, () =>
      fetch(address, { headers, signal: leaving.signal }).catch(() => {}),
    )
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const { status } = await suite.approvals(`/api/operations/${requestId}?wait=1`)
    leaving.abort()
    await Promise.all(waits)
    expect(status).toBe(200)
  })

  it('large requests of one agent do not keep the approver from the inbox', async () => {
    await using own = await startSuite({ kubeconfig: cluster.kubeconfig })
    const words = (seed: number) =>
      Array.from({ length: 12_000 }, (_, index) => `word${seed}x${index}=${(index * 7919) % 10_007}`)
    for (let index = 0; index < 12; index++) {
      const object = { data: { a: words(index).join('\n') } }
      const { status } = await ask(
        { type: 'create', target: target('ConfigMap', `large-${index}`), object },
        {},
        own,
      )
      expect(status).toBe(202)
    }
    // The lists of the agent and of the approver are made by the same process.
    const lists = Promise.all(
      Array.from({ length: 8 }, () => own.approvals('/api/approvals?limit=100', { token: AGENT })),
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    const begun = performance.now()
    await fetch(`${own.urls.approvals}/livez`)
    const took = performance.now() - begun
    await lists
    expect(took).toBeLessThan(1_000)
  }, 180_000)

  it('wrong logins of a program on this machine do not shut the approver out', async () => {
    const form = await loginForm()
    for (let index = 0; index < 11; index++) await login('not-a-token-of-anybody', form)
    expect((await login(APPROVER, await loginForm())).status).toBe(303)
  })
})

describe('known: documented in SECURITY.md', () => {
  it('a page on another port of the host name gets the session, until its end; one of another name does not', async () => {
    const cookies: string[] = []
    const other = createServer(({ headers }, response) => {
      cookies.push(headers.cookie ?? '')
      response.setHeader('content-type', 'text/html')
      response.end('a page')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await using browser = await startChromium()
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${suite.urls.approvals}/login`)
    await page.fill('input[name=token]', APPROVER)
    await page.click('form button')
    await page.waitForURL(`${suite.urls.approvals}/`)
    await page.goto(`http://localhost:${port}/`)
    expect(cookies.join()).not.toContain('gatehouse-session')
    // Opened by a person, in the same browser, under the very name that Gatehouse has.
    await page.goto(`http://127.0.0.1:${port}/`)
    const cookie = /gatehouse-session=[^;,]+/.exec(cookies.join())?.[0] ?? ''
    expect((await raw('GET', '/', { cookie })).status).toBe(200)
    await page.goto(`${suite.urls.approvals}/`)
    await page.click('form[action="/logout"] button')
    await page.waitForURL(`${suite.urls.approvals}/login`)
    expect((await raw('GET', '/', { cookie })).headers.location).toBe('/login')
    other.close()
  })
})

describe('held: decisions', () => {
  it('a token of an agent that was widened in the database decides nothing', async () => {
    await using own = await startSuite({ kubeconfig: cluster.kubeconfig })
    await configMap('widened')
    const operation = {
      type: 'patch',
      target: target('ConfigMap', 'widened'),
      patchType: 'merge',
      patch: { data: { v: '2' } },
    }
    const { requestId } = (await ask(operation, {}, own)).body
    const { planDigest, viewDigest } = await seen(requestId, own)
    tamper(own, (db) => {
      db.prepare("UPDATE tokens SET scopes = 'read propose approve admin' WHERE hash = ?").run(
        digestOf(AGENT),
      )
    })
    const { status, body } = await own.approvals(`/api/approvals/${requestId}/approve`, {
      token: AGENT,
      body: { planDigest, viewDigest },
    })
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('a column that says approved approves nothing', async () => {
    await configMap('column')
    const { requestId } = (await patch('ConfigMap', 'column', { data: { v: '2' } })).body
    tamper(suite, (db) => {
      const now = Date.now()
      db.prepare(
        "UPDATE requests SET state = 'approved', decided_at = ?, claim_by = ?, brake_epoch = ? WHERE id = ?",
      ).run(now, now + 600_000, epochOf(db), requestId)
    })
    expect((await suite.ended(requestId)).state).toBe('blocked')
    expect(await get('cm column', '{.data.v}')).toBe('1')
  })

  it('thirty decisions at once are one decision and one effect; sixty equal wishes one request', async () => {
    await configMap('race')
    const { requestId } = (await patch('ConfigMap', 'race', { data: { v: '2' } })).body
    const { planDigest, viewDigest } = await seen(requestId)
    const at = `/api/approvals/${requestId}`
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const reject = index % 3 === 2
        const body = reject ? { reason: 'no' } : { planDigest, viewDigest }
        return (await suite.approvals(`${at}/${reject ? 'reject' : 'approve'}`, { body })).status
      }),
    )
    expect(new Set(statuses)).toEqual(new Set([200, 409]))
    const { state } = await suite.ended(requestId)
    expect(['succeeded', 'rejected']).toContain(state)
    const writes = async () =>
      (await cluster.audit()).filter(
        ({ verb, objectRef, requestURI }) =>
          verb === 'patch' &&
          objectRef?.name === 'race' &&
          objectRef.namespace === namespace &&
          !/dryRun/.test(requestURI),
      ).length
    const effects = state === 'succeeded' ? 1 : 0
    await eventually('the write is in the log of the API server', async () => (await writes()) >= effects)
    expect(await writes()).toBe(effects)
    const wishes = await Promise.all(
      Array.from({ length: 60 }, () => patch('ConfigMap', 'race', { data: { w: '3' } })),
    )
    expect(new Set(wishes.map(({ body }) => body.requestId)).size).toBe(1)
  })

  it('an agent neither logs in, nor throws the kill switch, nor opens the pages', async () => {
    const bearer = { authorization: `Bearer ${AGENT}` }
    // Its throttle may be at work already: either way it is no session.
    const { status, headers } = await login(AGENT, await loginForm())
    expect([403, 429]).toContain(status)
    expect(String(headers['set-cookie'])).not.toContain('gatehouse-session')
    const killing = { ...bearer, 'content-type': 'application/json' }
    expect((await raw('POST', '/api/kill-switch', killing, '{"reason":"x"}')).status).toBe(403)
    expect((await raw('GET', '/tokens', bearer)).headers.location).toBe('/login?next=%2Ftokens')
    expect((await raw('GET', `/api/approvals/pending?token=${APPROVER}`)).status).toBe(401)
  })
})

describe('held: forged forms', () => {
  let cookie: string
  let at: string
  let form: URLSearchParams
  let own: string

  beforeAll(async () => {
    // Logging in here would meet the throttle of the test above.
    await suite[Symbol.asyncDispose]()
    suite = await startSuite({ kubeconfig: cluster.kubeconfig })
    own = suite.urls.approvals
    cookie = await session()
    await configMap('forms')
    const { requestId } = (await patch('ConfigMap', 'forms', { data: { v: '2' } })).body
    at = `/requests/${requestId}/approve`
    const { text } = await raw('GET', `/requests/${requestId}`, { cookie })
    form = new URLSearchParams(
      ['form-token', 'plan-digest', 'view-digest'].map((name) => [name, fieldIn(text, name)]),
    )
    expect(form.get('form-token')).not.toBe('')
  })

  const FORGED: [string, number, Record<string, string>, Record<string, string>?][] = [
    ['another site', 403, { origin: 'http://evil.test' }],
    ['another port', 403, { origin: 'http://127.0.0.1:9' }],
    ['nowhere (null)', 403, { origin: 'null' }],
    ['a program that says nothing', 403, {}],
    ['a page of the same site', 403, { 'sec-fetch-site': 'same-site' }],
    ['here, and from there at once', 403, { origin: 'http://evil.test', 'sec-fetch-site': 'same-origin' }],
    ['a page that sends text', 415, { origin: 'OWN', 'content-type': 'text/plain' }],
    ['another login', 403, { origin: 'OWN' }, { 'form-token': 'x'.repeat(64) }],
    ['a page that showed another plan', 409, { origin: 'OWN' }, { 'plan-digest': 'a'.repeat(64) }],
    ['a page that showed another view', 409, { origin: 'OWN' }, { 'view-digest': 'a'.repeat(64) }],
  ]
  it.each(FORGED)('from %s: %i', async (_from, status, headers, fields = {}) => {
    const { origin, ...rest } = headers
    const said = { 'content-type': FORM, ...rest, ...(origin && { origin: origin === 'OWN' ? own : origin }) }
    const body = new URLSearchParams({ ...Object.fromEntries(form), ...fields }).toString()
    expect((await raw('POST', at, { cookie, ...said }, body)).status).toBe(status)
    expect(await get('cm forms', '{.data.v}')).toBe('1')
  })

  it('nothing is decided by looking, by a foreign name, by a second cookie or through the API with a cookie', async () => {
    for (const method of ['GET', 'HEAD']) expect((await raw(method, at, { cookie })).status).toBe(404)
    for (const host of ['evil.test', 'localhost.', 'localhost@evil.test'])
      expect((await raw('GET', '/', { host, cookie })).status).toBe(403)
    expect((await raw('GET', '/', { cookie: `${cookie}; ${cookie}` })).headers.location).toBe('/login')
    const api = at.replace('/requests/', '/api/approvals/')
    const json = { cookie, 'content-type': 'application/json' }
    expect((await raw('POST', api, json, '{}')).status).toBe(401)
    for (const next of ['//evil.test', '/%5Cevil.test', 'https://evil.test'])
      expect((await raw('GET', `/login?next=${next}`, { cookie })).headers.location).toBe('/')
    expect(await get('cm forms', '{.data.v}')).toBe('1')
  })
})

describe('held: what a patch or manifest smuggles', () => {
  const REFUSED: [string, () => Promise<{ status: number; body: Body }>][] = [
    ['another name', () => patch('ConfigMap', 'settings', { metadata: { name: 'x' }, data: { a: 'b' } })],
    [
      'another namespace',
      () => patch('ConfigMap', 'settings', { metadata: { namespace: 'default' }, data: { a: 'b' } }),
    ],
    ['another kind', () => patch('ConfigMap', 'settings', { kind: 'Secret', data: { a: 'b' } })],
    ['another version', () => patch('ConfigMap', 'settings', { apiVersion: 'v2', data: { a: 'b' } })],
    ['another uid', () => patch('ConfigMap', 'settings', { metadata: { uid: 'x' }, data: { a: 'b' } })],
    ['$patch: delete', () => patch('ConfigMap', 'settings', { $patch: 'delete' }, 'strategic')],
    [
      'a manifest for another namespace',
      () => create('ConfigMap', 'x', { metadata: { namespace: 'kube-system' } }),
    ],
    ['a generated name', () => create('ConfigMap', 'x', { metadata: { generateName: 'y-' } })],
    ['a List', () => create('List', 'x', { items: [] })],
    ['a Binding', () => create('Binding', 'x', { target: { kind: 'Node', name: 'n' } })],
    ['a finalizer', () => patch('Deployment', 'web', { metadata: { finalizers: ['a.b/c'] } })],
    ['content of a Secret', () => patch('Secret', 'keys', { data: { a: 'eA==' } })],
    [
      'a guess at a Secret',
      () =>
        patch(
          'Secret',
          'keys',
          [
            { op: 'test', path: '/data/a', value: 'cGx1bS1ob3JzZS05NXg=' },
            { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
          ],
          'json',
        ),
    ],
    [
      'a copy out of a Secret',
      () => patch('Secret', 'keys', [{ op: 'copy', from: '/data', path: '/metadata/labels' }], 'json'),
    ],
  ]
  it.each(REFUSED)('%s is refused, and no value is in the refusal', async (_what, call) => {
    const answer = await call()
    expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(answer.body)).not.toMatch(/plum-horse|cGx1bS1ob3JzZ/)
  })

  it('of two variables of one name both are shown', async () => {
    const env = [
      { name: 'A', value: 'the-good-one' },
      { name: 'A', value: 'the-bad-one' },
    ]
    const containers = [{ name: 'c', image: 'busybox:1.37', env }]
    const { body } = await create('Pod', 'twice', { spec: { containers } })
    const shown = shownOf((await seen(body.requestId)).operations[0])
    expect(shown).toContain('the-good-one')
    expect(shown).toContain('the-bad-one')
  })

  it('the words of an agent stay those of the first time, and are text', async () => {
    const operation = { type: 'create', target: target('ConfigMap', 'words'), object: { data: { a: 'b' } } }
    const first = await ask(operation, { claim: { reason: '<script>alert(1)</script> \u202e looks safe' } })
    const again = await ask(operation, { claim: { reason: 'another reason' } })
    expect(again.body.requestId).toBe(first.body.requestId)
    const { text } = await raw('GET', `/requests/${first.body.requestId}`, { cookie: await session() })
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('another reason')
    expect(text).not.toContain('\u202e')
  })
})
