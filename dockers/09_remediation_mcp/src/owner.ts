import {
  authenticate,
  checkRollback,
  createApprovalService,
  createWorker,
  ensureToken,
  keepCheckpoints,
  localPort,
  makeToken,
  type NewToken,
  openFeed,
  openStore,
  type Principal,
  policedExecutor,
  type Store,
  SYSTEM,
} from '@gatehouse/approvals'
import { type Checkpoints, openCheckpoints } from '@gatehouse/audit'
import type { Clusters } from '@gatehouse/kubernetes'
import { loadPolicy } from '@gatehouse/policy/gate'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Logger } from '@gatehouse/telemetry'
import type { Config } from './config.ts'
import { keptSecret } from './kept-secret.ts'

export interface OwnerOptions {
  config: Config
  /** With the identity that may write. */
  clusters: Clusters
  sanitizer: Sanitizer
  log: Logger
}

const YEAR_MS = 365 * 24 * 3_600_000
const AGENT: NewToken = {
  subject: 'agent',
  kind: 'agent',
  scopes: ['read', 'propose'],
  name: 'MCP_TOKEN',
  validMs: YEAR_MS,
}
const PERSON: NewToken = {
  subject: 'admin',
  kind: 'human',
  scopes: ['read', 'approve', 'admin'],
  name: 'APPROVER_TOKEN',
  validMs: YEAR_MS,
}

/** The one process that holds store, planner, worker and the credentials that may write. */
export async function openOwner({ config, clusters, sanitizer, log }: OwnerOptions) {
  const policy = await loadPolicy(config.POLICY_FILE)
  // What is recorded is what callers said: a digest of it would answer guesses.
  const blind = sanitizer.blind()
  const store = await openStore({
    stateDir: config.stateDir,
    databaseUrl: config.DATABASE_URL,
    sanitise: (value) => blind.value(value),
    singleUser: config.SINGLE_USER,
    claimTtlMs: config.CLAIM_TTL,
    longestWaitMs: Math.max(config.APPROVAL_TTL, 60_000),
  })
  try {
    return await start({ config, clusters, sanitizer, log }, store, policy)
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

export type Owner = Awaited<ReturnType<typeof openOwner>>

async function start(
  { config, clusters, sanitizer, log }: OwnerOptions,
  store: Store,
  policy: Awaited<ReturnType<typeof loadPolicy>>,
) {
  const checkpoints = openCheckpoints({
    dir: config.stateDir,
    emit: (line) => log.info('audit checkpoint', fieldsOf(line)),
  })
  await warnOfRollback(store, checkpoints, log)
  const tokens = await ensureTokens(store, config)
  for (const token of Object.values(tokens)) sanitizer.addKnown(token)
  const feed = await openFeed(store)
  const service = createApprovalService({
    store,
    feed,
    clusters,
    policy: () => policy,
    sanitizer,
    publicUrl: config.publicUrl,
    waitMs: config.APPROVAL_TTL,
  })
  const executor = policedExecutor({ store, clusters, policy: () => policy })
  const worker = createWorker({ store, executor, checkpoints, feed, log })
  const checkpointing = keepCheckpoints(store, checkpoints, { log })
  worker.start()
  return {
    store,
    feed,
    service,
    checkpoints,
    policy,
    tokens,
    /** The way in for tools of this process: as the first agent. */
    port: localPort(service, (): Promise<Principal> => authenticate(store, tokens.agent)),
    close: async () => {
      await worker.stop()
      await checkpointing.stop()
      await feed.close()
      await store.close()
    },
  }
}

async function warnOfRollback(store: Store, checkpoints: Checkpoints, log: Logger): Promise<void> {
  const check = await checkRollback(store, checkpoints)
  if (!check.rolledBack) return
  log.error('the database is older than its newest checkpoint; every open request is void', {
    rows: check.found,
    signed: check.checkpoint.size,
  })
}

/** The first agent's and the first person's tokens: the given ones, else what was made at the first start. */
async function ensureTokens(store: Store, config: Config): Promise<{ agent: string; approver: string }> {
  const agent = config.MCP_TOKEN ?? keptToken(config.stateDir, 'agent')
  const approver = config.APPROVER_TOKEN ?? keptToken(config.stateDir, 'approver')
  await ensureToken(store, { slot: 'MCP_TOKEN', value: agent }, AGENT, SYSTEM)
  await ensureToken(store, { slot: 'APPROVER_TOKEN', value: approver }, PERSON, SYSTEM)
  return { agent, approver }
}

// On disk before it is in the store: a crash in between must not leave a token that nobody knows.
function keptToken(stateDir: string, whose: 'agent' | 'approver'): string {
  return keptSecret(stateDir, `${whose}-token`, () => makeToken(whose === 'agent' ? 'agent' : 'human'))
}

// The line itself would name its signature, and a value under that name is masked.
function fieldsOf(line: string): Record<string, string | number | null> {
  const { signature, kind, time, ...fields } = JSON.parse(line) as Record<string, string | number | null>
  const plain = Object.entries(fields).filter(([, value]) => typeof value !== 'object')
  return {
    ...Object.fromEntries(plain),
    checkpoint: kind ?? null,
    signed: signature ?? null,
    signed_at: time ?? null,
  }
}
