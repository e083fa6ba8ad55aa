import type { Row } from './report.ts'
import type { Session, ToolReply } from './session.ts'
import { EVENTS, MEDIUM } from './workload.ts'

export type Count = (text: string) => number

/** The o200k encoder; loaded when first needed because its vocabulary takes a second and 100 MB. */
export async function tokenCounter(): Promise<Count> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  return (text) => countTokens(text, { disallowedSpecial: new Set() })
}

/** What tools/list costs in every conversation. */
export async function schemaRows(all: Session, essential: Session, count: Count): Promise<Row[]> {
  const tokens = async (session: Session): Promise<{ measured: number; note: string }> => {
    const { tools } = await session.client.listTools()
    return { measured: count(JSON.stringify(tools)), note: `${tools.length} tools` }
  }
  return [
    { work: 'tools/list, all tools', unit: 'tokens', ...(await tokens(all)), budget: { most: 4_000 } },
    { work: 'tools/list, essential', unit: 'tokens', ...(await tokens(essential)), budget: { most: 1_500 } },
  ]
}

/** Replies a model has to read: text and data each, because hosts differ in which of them they show. */
export async function smallReplyRows(session: Session, count: Count): Promise<Row[]> {
  const pods = await session.call('infra.k8s.pods.listPods', { namespace: MEDIUM })
  const events = await session.call('infra.k8s.events.listEvents', { namespace: EVENTS })
  return [...replyRows('overview of 500 pods', pods, count), ...replyRows('1,500 events', events, count)]
}

export async function largeReplyRows(session: Session, count: Count): Promise<Row[]> {
  const pods = await session.call('infra.k8s.pods.listPods', { allNamespaces: true })
  return replyRows('overview of 4,900 pods', pods, count)
}

function replyRows(work: string, reply: ToolReply, count: Count): Row[] {
  const budget = { most: 2_000 }
  return [
    { work: `${work}, text`, unit: 'tokens', measured: count(reply.text), budget },
    { work: `${work}, data`, unit: 'tokens', measured: count(JSON.stringify(reply.structured)), budget },
  ]
}
