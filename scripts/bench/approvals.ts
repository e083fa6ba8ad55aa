import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent } from 'undici'
import type { Access } from './kubeconfig.ts'
import type { Row } from './report.ts'
import { startHttp } from './session.ts'
import { median } from './statistics.ts'

const MAIN = new URL('../../dockers/09_remediation_mcp/src/main.ts', import.meta.url).pathname
const AGENT = 'bench-agent-token-0123456789-0123456789'
const APPROVER = 'bench-approver-token-9876543210-987654'
const NAMESPACE = 'default'
const PLAIN = 'application/json'

/** From a person's POST …/approve to the change being in the API server, as an independent watch sees it. */
export async function approvalRows(access: Access, kubeconfig: string, quick: boolean): Promise<Row[]> {
  // Budgets of the default policy let one agent make 60 changes an hour.
  const rounds = quick ? 20 : 50
  const { server, ...tls } = access
  await using api = new Api(server, new Agent({ connect: tls }))
  const stateDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-state-'))
  const owner = await startHttp({
    command: process.execPath,
    args: [MAIN],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: '/nonexistent',
      KUBECONFIG: kubeconfig,
      STATE_DIR: stateDir,
      MCP_TOKEN: AGENT,
      APPROVER_TOKEN: APPROVER,
      REMEDIATION_PORT: '0',
      APPROVAL_PORT: '0',
    },
  })
  try {
    const ask = await askerOf(owner.portOf)
    const effects: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      const name = `bench-approval-${round}`
      await api.create(name)
      const command = `kubectl annotate configmap ${name} -n ${NAMESPACE} bench=approved`
      const { requestId } = await ask(AGENT, '/api/mcp/propose', { action: 'bench', commands: [{ command }] })
      const { planDigest, viewDigest } = await ask(APPROVER, `/api/approvals/${requestId}`)
      effects.push(
        await api.untilChanged(name, () =>
          ask(APPROVER, `/api/approvals/${requestId}/approve`, { planDigest, viewDigest }),
        ),
      )
      bare.push(await api.untilChanged(name, () => api.annotate(name, String(round))))
      await api.remove(name)
    }
    const p95 = effects.toSorted((a, b) => a - b)[Math.ceil(rounds * 0.95) - 1] ?? Number.NaN
    const note = `median ${median(effects).toFixed(0)} ms of ${rounds}; bare: one PATCH, median; SQLite`
    const work = 'approve to effect, p95'
    return [{ work, unit: 'ms', measured: p95, bare: median(bare), budget: { most: 300 }, note }]
  } finally {
    await owner[Symbol.asyncDispose]()
    await rm(stateDir, { recursive: true, force: true })
  }
}

type Ask = (token: string, path: string, body?: unknown) => Promise<Record<string, string>>

async function askerOf(portOf: (what: string) => Promise<number>): Promise<Ask> {
  const base = `http://127.0.0.1:${await portOf('approvals')}`
  return async (token, path, body) => {
    const reply = await fetch(`${base}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': PLAIN }) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    const answer = await reply.text()
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${answer.slice(0, 300)}`)
    return JSON.parse(answer)
  }
}

/** The API server, spoken to directly. */
class Api {
  readonly #origin: string
  readonly #agent: Agent

  constructor(origin: string, agent: Agent) {
    this.#origin = origin
    this.#agent = agent
  }

  async create(name: string): Promise<void> {
    await this.#send('POST', '', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
  }

  async annotate(name: string, value: string): Promise<void> {
    await this.#send('PATCH', `/${name}`, { metadata: { annotations: { bare: value } } })
  }

  async remove(name: string): Promise<void> {
    await this.#send('DELETE', `/${name}`)
  }

  /** Milliseconds from the start of `work` to the next change of the object. */
  async untilChanged(name: string, work: () => Promise<unknown>): Promise<number> {
    const version = ((await this.#send('GET', `/${name}`)) as { metadata: { resourceVersion: string } })
      .metadata.resourceVersion
    const query = `watch=1&fieldSelector=metadata.name=${name}&resourceVersion=${version}`
    const watching = new AbortController()
    const { body } = await this.#agent.request({
      origin: this.#origin,
      path: `/api/v1/namespaces/${NAMESPACE}/configmaps?${query}`,
      method: 'GET',
      signal: watching.signal,
    })
    const seen = Promise.withResolvers<number>()
    body.once('data', () => seen.resolve(performance.now()))
    body.on('error', (error) => seen.reject(error))
    const started = performance.now()
    const late = pause(30_000, undefined, { signal: watching.signal }).then(
      () => seen.reject(new Error(`${name} did not change within 30 s`)),
      () => undefined,
    )
    try {
      const [at] = await Promise.all([seen.promise, work()])
      return at - started
    } finally {
      watching.abort()
      await late
    }
  }

  async #send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', at: string, body?: unknown): Promise<unknown> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : PLAIN
    const reply = await this.#agent.request({
      origin: this.#origin,
      path: `/api/v1/namespaces/${NAMESPACE}/configmaps${at}`,
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': type } }),
    })
    const answer = await reply.body.json()
    if (reply.statusCode > 299) throw new Error(`${method} ${at}: ${JSON.stringify(answer).slice(0, 300)}`)
    return answer
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#agent.destroy()
  }
}
