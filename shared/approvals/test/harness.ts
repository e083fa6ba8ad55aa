import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan, PlannedOperation } from '@gatehouse/operations'
import { createSanitizer } from '@gatehouse/sanitizer'
import { startPostgres, type TestPostgres } from '@gatehouse/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe } from 'vitest'
import {
  authenticate,
  createToken,
  type NewToken,
  openStore,
  type Principal,
  propose,
  type Store,
  type StoreOptions,
  SYSTEM,
} from '../src/index.ts'
import type { Migration } from '../src/store/migrations.ts'

export type Address = Pick<StoreOptions, 'stateDir' | 'databaseUrl'>

/** One of the two engines, with everything a test needs on it. */
export interface Bench {
  engine: 'sqlite' | 'postgres'
  /** A new, empty place for a store. */
  address(): Promise<Address>
  open(address: Address, options?: Partial<StoreOptions>, steps?: Migration[]): Promise<Store>
  /** A new store. */
  fresh(options?: Partial<StoreOptions>): Promise<Store>
  postgres(): TestPostgres
  /** An empty folder, gone after the tests. */
  folder(): string
}

export const sanitizer = createSanitizer({ key: 'test' })

/** Runs the same tests on both engines. */
export function onBothEngines(title: string, tests: (bench: Bench) => void): void {
  for (const engine of ['sqlite', 'postgres'] as const)
    describe(`${title} (${engine})`, () => {
      let server: TestPostgres | undefined
      const folders: string[] = []
      const stores: Store[] = []
      beforeAll(async () => {
        if (engine === 'postgres') server = await startPostgres()
      })
      afterAll(async () => {
        await Promise.all(stores.map((store) => store.close().catch(() => {})))
        await server?.stop()
        for (const folder of folders) rmSync(folder, { recursive: true, force: true })
      })
      const postgres = () => {
        if (!server) throw new Error('no PostgreSQL here')
        return server
      }
      const folder = () => {
        const path = mkdtempSync(join(tmpdir(), 'gatehouse-state-'))
        folders.push(path)
        return path
      }
      const address = async () => {
        const stateDir = folder()
        return { stateDir, ...(engine === 'postgres' && { databaseUrl: await postgres().freshDatabase() }) }
      }
      const open: Bench['open'] = async (where, options, steps) => {
        const store = await openStore(
          { sanitise: (value) => sanitizer.value(value), ...where, ...options },
          steps,
        )
        stores.push(store)
        return store
      }
      const fresh: Bench['fresh'] = async (options) => open(await address(), options)
      tests({ engine, address, open, fresh, postgres, folder })
    })
}

export const MINUTE = 60_000

/** Registers somebody and signs them in. */
export async function somebody(
  store: Store,
  wanted: Partial<NewToken> & { subject: string },
): Promise<Principal> {
  const kind = wanted.kind ?? 'human'
  const scopes = wanted.scopes ?? (kind === 'human' ? ['read', 'approve', 'admin'] : ['read', 'propose'])
  const { token } = await createToken(
    store,
    { name: 'test', validMs: 9 * 365 * 24 * 60 * MINUTE, ...wanted, kind, scopes },
    SYSTEM,
  )
  return authenticate(store, token)
}

/** An agent and two people, as most tests need them. */
export async function cast(store: Store) {
  const agent = await somebody(store, { subject: 'agent-1', kind: 'agent' })
  const alice = await somebody(store, { subject: 'alice' })
  const bob = await somebody(store, { subject: 'bob' })
  return { agent, alice, bob }
}

const DIGEST = 'd'.repeat(64)
export const VIEW = 'e'.repeat(64)

export function anOperation(change: Partial<PlannedOperation> = {}): PlannedOperation {
  return {
    type: 'scale',
    target: {
      context: 'demo',
      clusterId: 'c1',
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      resource: 'deployments',
      namespace: 'shop',
      name: 'web',
    },
    intent: DIGEST,
    marker: randomUUID(),
    salt: randomUUID(),
    uid: 'uid-1',
    baseDigest: DIGEST,
    resourceVersion: '7',
    binding: 'semantic',
    postImageDigest: DIGEST,
    request: {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      query: {},
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 5 } },
    },
    changes: [{ path: 'spec.replicas', before: '3', after: '5' }],
    warnings: [],
    impact: ['2 more pods'],
    command: 'kubectl scale deployment web --replicas=5 -n shop',
    title: 'Scale deployment web from 3 to 5 replicas',
    expectation: { check: 'replicas', text: '5 replicas are ready', timeoutSeconds: 60 },
    typedName: false,
    undo: { refused: 'not in this test' },
    facts: {} as PlannedOperation['facts'],
    ...change,
  }
}

/** A plan of one operation by `requester`; unlike every other one unless `intent` says so. */
export function aPlan(requester: Principal, now: number, change: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    operations: [anOperation({ intent: randomUUID() })],
    identity: 'system:serviceaccount:gatehouse:writer',
    requester: {
      subject: requester.subject,
      kind: requester.kind,
      credential: `token:${requester.tokenId}`,
      ...(requester.behind !== null && { behind: requester.behind }),
    },
    claim: { reason: 'traffic is high' },
    tool: 'infra.k8s.deployments.scaleDeployment',
    policy: { level: 2, approvers: 1, rules: [], digest: DIGEST },
    createdAt: now,
    expiresAt: now + 60 * MINUTE,
    ...change,
  }
}

/** A pending request. */
export async function aRequest(store: Store, requester: Principal, change: Partial<Plan> = {}) {
  const plan = aPlan(requester, await store.now(), change)
  const { request } = await propose(store, requester, { plan, viewDigest: VIEW })
  return request
}

/** What an approver sends back. */
export function yesTo({
  requestId,
  planDigest,
  viewDigest,
}: {
  requestId: string
  planDigest: string
  viewDigest: string
}) {
  return { requestId, decision: 'approve', planDigest, viewDigest } as const
}

/** A clock that only moves when told. */
export function aClock(start = Date.now()) {
  let now = start
  const clock = () => now
  return Object.assign(clock, {
    set: (to: number) => {
      now = to
    },
    pass: (ms: number) => {
      now += ms
    },
  })
}

/** What an attacker with rights on the database would do: triggers off, then anything. */
export async function tamper(store: Store, statement: string): Promise<void> {
  const { engine, db } = store
  if (engine === 'postgres') {
    await db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql.raw(statement).execute(trx)
    })
    return
  }
  const { rows } = await sql<{
    name: string
    sql: string
  }>`select name, sql from sqlite_master where type = 'trigger'`.execute(db)
  for (const { name } of rows) await sql.raw(`drop trigger ${name}`).execute(db)
  await sql.raw('pragma foreign_keys = off').execute(db)
  await sql.raw(statement).execute(db)
  await sql.raw('pragma foreign_keys = on').execute(db)
  for (const trigger of rows) await sql.raw(trigger.sql).execute(db)
}
