import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoints } from '@gatehouse/audit'
import { listen } from '@gatehouse/host'
import type { PlannedOperation } from '@gatehouse/operations'
import type { LogFields, Logger } from '@gatehouse/telemetry'
import {
  type ApprovalDeps,
  authenticate,
  createApprovalApp,
  createToken,
  type NewToken,
  openFeed,
  openStore,
  type Principal,
  planDigest,
  propose,
  type Store,
  type StoredRequest,
  type StoreOptions,
  SYSTEM,
} from '../../src/index.ts'
import { planView, viewDigestOf } from '../../src/view/plan-view.ts'
import { anOperation, aPlan, sanitizer } from '../harness.ts'
import type { Visitor } from './visitor.ts'

export interface Site {
  url: string
  store: Store
  tokens: { alice: string; bob: string; agent: string; reader: string }
  principals: { alice: Principal; bob: Principal; agent: Principal }
  /** What `isStale` answers, by request. */
  stale: Map<string, string | Error>
  /** What was submitted, oldest first. */
  asked: { by: string; kind: string; body: Record<string, unknown> }[]
  /** Everything that was logged. */
  logged: string[]
  /** A new request of the agent, unlike every other one. */
  request(
    change?: Partial<PlannedOperation>,
    plan?: Parameters<typeof aPlan>[2],
    by?: Principal,
  ): Promise<StoredRequest>
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body?: unknown, token?: string, headers?: Record<string, string>): Promise<Response>
  newToken(wanted: Partial<NewToken> & { subject: string }): Promise<{ id: string; token: string }>
  /** Asks on the page; returns the new request's id. */
  submitAs(visitor: Visitor): Promise<string>
  close(): Promise<void>
}

export type SiteOptions = Partial<ApprovalDeps> & { settings?: Partial<StoreOptions> }

/** The approval server as it runs, on a real listener and a real store; only planning and clusters are stood in for. */
export async function startSite({ settings, ...deps }: SiteOptions = {}): Promise<Site> {
  const stateDir = mkdtempSync(join(tmpdir(), 'gatehouse-site-'))
  const store = await openStore({ stateDir, sanitise: (value) => sanitizer.value(value), ...settings })
  const checkpoints = openCheckpoints({ dir: join(stateDir, 'checkpoints') })
  const feed = await openFeed(store)
  const newToken: Site['newToken'] = (wanted) => {
    const kind = wanted.kind ?? 'human'
    const scopes = wanted.scopes ?? (kind === 'human' ? ['read', 'approve', 'admin'] : ['read', 'propose'])
    return createToken(store, { name: 'test', validMs: 86_400_000, ...wanted, kind, scopes }, SYSTEM)
  }
  const [alice, bob, agent, reader] = [
    await newToken({ subject: 'alice' }),
    await newToken({ subject: 'bob' }),
    await newToken({ subject: 'oncall-bot', kind: 'agent' }),
    await newToken({ subject: 'rita', scopes: ['read'] }),
  ]
  const tokens = { alice: alice.token, bob: bob.token, agent: agent.token, reader: reader.token }
  const principals = {
    alice: await authenticate(store, alice.token),
    bob: await authenticate(store, bob.token),
    agent: await authenticate(store, agent.token),
  }
  const stale: Site['stale'] = new Map()
  const asked: Site['asked'] = []
  const logged: string[] = []
  const request: Site['request'] = async (change, plan, by = principals.agent) => {
    const operations = [anOperation({ intent: crypto.randomUUID(), ...change })]
    const made = aPlan(by, await store.now(), { operations, ...plan })
    const viewDigest = viewDigestOf(planView(made, planDigest(made), sanitizer))
    return (await propose(store, by, { plan: made, viewDigest })).request
  }
  const app = createApprovalApp({
    store,
    feed,
    sanitizer,
    log: loggerInto(logged),
    metrics: async () => 'gatehouse_up 1\n',
    publicUrl: 'http://127.0.0.1:3100',
    host: '127.0.0.1',
    checkpoints,
    health: async () => ({ state: 'healthy' as const }),
    submit: async (principal, { kind, body }) => {
      asked.push({ by: principal.subject, kind, body })
      return request({}, {}, principal)
    },
    undo: async (principal) => request({ title: 'Scale deployment web from 5 to 3 replicas' }, {}, principal),
    isStale: async ({ requestId }) => {
      const answer = stale.get(requestId)
      if (answer instanceof Error) throw answer
      return answer
    },
    ...deps,
  })
  const listener = await listen('127.0.0.1', 0, app.handle, loggerInto(logged), sanitizer)
  const url = `http://127.0.0.1:${listener.port}`
  const bearer = (token?: string) => (token === undefined ? {} : { authorization: `Bearer ${token}` })
  return {
    url,
    store,
    tokens,
    principals,
    stale,
    asked,
    logged,
    request,
    newToken,
    get: (path, token, headers) =>
      fetch(url + path, { redirect: 'manual', headers: { ...bearer(token), ...headers } }),
    post: (path, body, token, headers) =>
      fetch(url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...bearer(token),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async submitAs(visitor) {
      const { location } = await visitor.submit('/new', '/new', {
        command: 'kubectl scale …',
        manifest: '',
        reason: '',
      })
      return location?.split('/').at(-1) ?? ''
    },
    async close() {
      await app.close()
      await listener.stop(200)
      await feed.close()
      await store.close()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

function loggerInto(lines: string[]): Logger {
  const line = (level: string) => (msg: string, fields?: LogFields) => {
    lines.push(JSON.stringify({ level, msg, ...fields }))
  }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    flush: () => {},
  }
}
