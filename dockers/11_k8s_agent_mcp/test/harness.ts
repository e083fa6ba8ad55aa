import { randomBytes } from 'node:crypto'
import { eventually } from '@gatehouse/testing'
import { bareEnvironment, type CallResult, connectMcp, type Sdk } from '@gatehouse/testing/mcp'

export const main = new URL('../src/main.ts', import.meta.url).pathname
export const START_LINE =
  'mcp-k8s-agent started | Phase 3 enabled | sanitized outputs, bounded logs, approval-gated writes'
export const KEY = 'key-of-the-digests-in-these-tests-0123456789'

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted field by field
type Data = any

/** What a model sees of a call, and the id that finds it in the audit log. */
export interface Answer {
  id: string
  isError: boolean
  text: string
  data: Data
  /** Text and data, for what must not be there. */
  whole: string
}

/** The real program over stdio, behind a real client. */
export interface Agent extends AsyncDisposable {
  call(tool: string, input?: object): Promise<Answer>
  /** The code of the error, or `ok`. */
  code(tool: string, input?: object): Promise<string>
  stderr(): string
}

export interface AgentOptions {
  env?: Record<string, string>
  sdk?: Sdk
}

export async function startAgent(kubeconfig: string, options: AgentOptions = {}): Promise<Agent> {
  let stderr = ''
  const env = bareEnvironment({ KUBECONFIG: kubeconfig, SANITIZER_KEY: KEY, ...options.env })
  const onStderr = (text: string) => {
    stderr += text
  }
  const client = await connectMcp(
    { command: process.execPath, args: [main], env, onStderr },
    options.sdk ?? 'v1',
  )
  const call = async (tool: string, input: object = {}): Promise<Answer> => {
    const id = `agent-${randomBytes(8).toString('hex')}`
    const meta = { 'dev.gatehouse/correlationId': id }
    const result = await client.call(tool, input as Record<string, unknown>, { meta })
    return answerOf(id, result)
  }
  return {
    call,
    code: async (tool, input) => {
      const { isError, data } = await call(tool, input)
      return isError ? data.code : 'ok'
    },
    stderr: () => stderr,
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function answerOf(id: string, result: CallResult): Answer {
  const text = result.content?.[0]?.text ?? ''
  return {
    id,
    isError: result.isError === true,
    text,
    data: result.structuredContent,
    whole: `${text}\n${JSON.stringify(result)}`,
  }
}

interface Audited {
  audit(): Promise<
    {
      stage: string
      verb: string
      requestURI: string
      userAgent?: string
      objectRef?: { resource?: string; subresource?: string; name?: string }
    }[]
  >
}

/**
 * Requests that a call has caused, discovery included, as `verb uri`. Waits for a later call of the same agent to
 * appear in the audit log, so that none is missing.
 */
export async function requestsOf(cluster: Audited, agent: Agent, ...ids: string[]): Promise<string[]> {
  const marker = await agent.call('k8s_list', { kind: 'Pod', namespace: 'default', limit: 1 })
  return eventually('the audit log', async () => {
    const all = (await cluster.audit()).filter(({ stage }) => stage === 'ResponseComplete')
    const of = (id: string) => all.filter(({ userAgent }) => userAgent?.includes(`cid=${id})`))
    if (of(marker.id).length === 0) return undefined
    return ids.flatMap((id) => of(id).map(({ verb, requestURI }) => `${verb} ${requestURI}`))
  })
}

/** The same without discovery. */
export async function readsOf(cluster: Audited, agent: Agent, ...ids: string[]): Promise<string[]> {
  return (await requestsOf(cluster, agent, ...ids)).filter((one) => !/^get \/apis?$/.test(one))
}
