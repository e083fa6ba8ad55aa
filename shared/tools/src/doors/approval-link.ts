import { createHash, randomBytes } from 'node:crypto'
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { McpExtension, McpOwnHandlers } from './mcp.ts'

export interface ApprovalLinkOptions {
  /**
   * Name of the tool that tells the outcome of a request; it takes `requestId` and `seconds`. Without one the caller
   * gets the pending answer again.
   */
  outcomeTool?: string | undefined
  /** Signs what travels through the client, 32 bytes or more; the same in every replica. Random by default. */
  key?: string | undefined
}

interface State {
  /** The pending answer, as it left. */
  pending: Record<string, unknown>
  /** Of tool and arguments: a state answers the call it was made for and no other. */
  call: string
}

const ANSWER = 'approval'
const WAIT_SECONDS = 20
const STATE_SECONDS = 3_600

/**
 * Where a client can show links, a pending change comes with one. Opening it, or saying so, approves nothing: the client
 * speaks for the side that asks. After the link the same call tells how the request stands, and never makes another.
 */
export function approvalLinks({ outcomeTool, key }: ApprovalLinkOptions): McpExtension {
  const codec = createRequestStateCodec<State>({ key: key ?? randomBytes(32), ttlSeconds: STATE_SECONDS })
  return {
    capabilities: {},
    requestState: { verify: codec.verify },
    register(server, own) {
      server.setRequestHandler('tools/call', async ({ params }, context) => {
        const call = fingerprint(params)
        const state = context.mcpReq.requestState<State>()
        const answer = inputResponse(context.mcpReq.inputResponses, ANSWER)
        if (state?.call === call && answer.kind !== 'missing') {
          // Who opened the link may decide soon; who did not will not.
          const opened = answer.kind === 'elicit' && answer.action === 'accept'
          return outcomeTool ? own.call(askOutcome(outcomeTool, state, opened), context) : again(state)
        }
        const result = await own.call(params, context)
        const pending = pendingOf(result)
        if (!pending || !showsLinks(server, context)) return result
        const { approvalUrl, summary } = pending
        return inputRequired({
          inputRequests: {
            [ANSWER]: inputRequired.elicitUrl({
              message: `A person must approve this: ${summary}`,
              url: approvalUrl,
            }),
          },
          requestState: await codec.mint({ pending, call }, context),
        })
      })
    },
  }
}

function askOutcome(
  name: string,
  { pending }: State,
  opened: boolean,
): Parameters<McpOwnHandlers['call']>[0] {
  return { name, arguments: { requestId: pending.requestId, seconds: opened ? WAIT_SECONDS : 0 } }
}

// Signed by us, so it is what left the sanitizer before.
function again({ pending }: State): CallToolResult {
  const text = `A person decides at ${pending.approvalUrl}; this client's answer approves nothing.`
  return { content: [{ type: 'text', text }], structuredContent: pending }
}

function fingerprint({
  name,
  arguments: input = {},
}: {
  name: string
  arguments?: Record<string, unknown> | undefined
}) {
  return createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest('base64url')
}

function pendingOf({ isError, structuredContent }: CallToolResult) {
  const { state, requestId, approvalUrl, summary } = (structuredContent ?? {}) as Record<string, unknown>
  const isPending = !isError && state === 'pending'
  if (!isPending || typeof requestId !== 'string' || typeof approvalUrl !== 'string') return undefined
  return {
    ...(structuredContent as Record<string, unknown>),
    requestId,
    approvalUrl,
    summary: String(summary),
  }
}

// Each request of 2026-07-28 declares its client's capabilities; before, the connection did once.
function showsLinks(server: Server, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Record<string, ClientCapabilities> | undefined
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities()
  return declared?.elicitation?.url !== undefined
}
