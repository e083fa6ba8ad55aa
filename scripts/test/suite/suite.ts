import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ServerProcess, startServer } from '@gatehouse/testing/mcp'

const root = new URL('../../..', import.meta.url).pathname
export const AGENT = 'agent-token-of-the-suite-tests-0123456789'
export const APPROVER = 'approver-token-of-the-suite-tests-98765'

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted field by field
export type Body = any

interface Answer {
  status: number
  headers: Headers
  body: Body
}

/** 08 and 09 as two processes, as their containers run them: only 09 may write. */
export interface Suite extends AsyncDisposable {
  k8s: ServerProcess
  remediation: ServerProcess
  /** Base addresses of MCP and REST of both, and of the approval port. */
  urls: { k8s: string; remediation: string; approvals: string }
  stateDir: string
  /** POST /tools/<name> of 08, as the agent. */
  tool(name: string, input?: unknown): Promise<Answer>
  /** A call to the approval port with a token. */
  approvals(path: string, options?: { token?: string; body?: unknown; method?: string }): Promise<Answer>
  /** Approves as a person does: with the digests of what is shown. */
  approve(requestId: string, token?: string): Promise<Answer>
  /** The outcome, once it is final. */
  ended(requestId: string): Promise<Body>
}

export interface SuiteOptions {
  kubeconfig: string
  /** For 08, where it is another one. */
  readKubeconfig?: string
  env?: Record<string, string>
  /** One to be used again; by default a new one that goes with the suite. */
  stateDir?: string
}

export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const { kubeconfig, readKubeconfig, env = {} } = options
  const stateDir = options.stateDir ?? mkdtempSync(path.join(tmpdir(), 'gatehouse-suite-'))
  const common = { MCP_TOKEN: AGENT, LOG_LEVEL: 'info', ...env }
  const remediation = await startServer({
    main: path.join(root, 'dockers/09_remediation_mcp/src/main.ts'),
    env: { ...common, KUBECONFIG: kubeconfig, STATE_DIR: stateDir, APPROVER_TOKEN: APPROVER, ...PORTS },
  })
  const listening = (what: string) =>
    remediation.logged((line) => line.msg === 'listening' && line.what === what)
  const approvalsUrl = `http://127.0.0.1:${(await listening('approvals')).port}`
  const k8s = await startServer({
    main: path.join(root, 'dockers/08_k8s_mcp/src/main.ts'),
    env: { ...common, KUBECONFIG: readKubeconfig ?? kubeconfig, APPROVAL_URL: approvalsUrl },
  })
  const ask = async (url: string, token: string, body?: unknown, method?: string): Promise<Answer> => {
    const response = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json =
      response.headers.get('content-type')?.includes('json') &&
      !response.headers.get('content-type')?.includes('ndjson')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }
  const approvals: Suite['approvals'] = (at, { token = APPROVER, body, method } = {}) =>
    ask(`${approvalsUrl}${at}`, token, body, method)
  return {
    k8s,
    remediation,
    urls: { k8s: k8s.url, remediation: remediation.url, approvals: approvalsUrl },
    stateDir,
    tool: (name, input = {}) => ask(`${k8s.url}/tools/${name}`, AGENT, input),
    approvals,
    approve: async (requestId, token = APPROVER) => {
      const { body } = await approvals(`/api/approvals/${requestId}`)
      const { planDigest, viewDigest } = body
      return approvals(`/api/approvals/${requestId}/approve`, { token, body: { planDigest, viewDigest } })
    },
    ended: async (requestId) =>
      (await approvals(`/api/operations/${requestId}?wait=60`, { token: AGENT })).body,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([k8s.stop(), remediation.stop()])
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

const PORTS = { REMEDIATION_PORT: '0', APPROVAL_PORT: '0' }
