import { setTimeout as pause } from 'node:timers/promises'
import type { McpExtension, McpOwnHandlers } from '@gatehouse/tools'
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server'
import { dialectSchema, prompt, prompts, read, replies, resources, templates } from './contents.ts'
import { askForContext, asking, codec } from './input-required.ts'

const LOGGING = ['test_tool_with_logging', 'test_logging_tool']

/** What the suites want of a server beyond tools, hung onto our own door. */
export const extension: McpExtension = {
  capabilities: { resources: {}, prompts: {}, completions: {}, logging: {} },
  requestState: { verify: codec.verify },
  register(server, own) {
    registerTools(server, own)
    server.setRequestHandler('resources/list', () => ({ resources }))
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: templates }))
    server.setRequestHandler('resources/read', ({ params }) => {
      const found = read(params.uri)
      if (found) return found
      throw new ResourceNotFoundError(params.uri)
    })
    server.setRequestHandler('prompts/list', () => ({ prompts }))
    server.setRequestHandler('prompts/get', ({ params }, context) => {
      if (params.name === 'test_input_required_result_prompt') {
        const said = { role: 'user', content: { type: 'text', text: 'With that context.' } } as const
        return askForContext(context) ?? { messages: [said] }
      }
      const found = prompt(params.name, params.arguments ?? {})
      if (found) return found
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt "${params.name}"`)
    })
    server.setRequestHandler('completion/complete', () => ({
      completion: { values: [], total: 0, hasMore: false },
    }))
    server.setRequestHandler('logging/setLevel', () => ({}))
  },
}

function registerTools(server: Server, own: McpOwnHandlers): void {
  server.setRequestHandler('tools/list', () => ({ tools: [...own.list(), ...ours] }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { name } = params
    if (LOGGING.includes(name)) return logging(context)
    const asks = Object.hasOwn(asking, name) ? asking[name] : undefined
    if (asks) return asks(context)
    const reply = Object.hasOwn(replies, name) ? replies[name] : undefined
    return reply ?? own.call(params, context)
  })
}

const ours: Tool[] = [...LOGGING, ...Object.keys(replies), ...Object.keys(asking)].map((name) => ({
  name,
  description: 'Fixture of the official conformance suites',
  inputSchema: name === 'json_schema_2020_12_tool' ? dialectSchema : { type: 'object' },
}))

async function logging({ mcpReq }: ServerContext) {
  for (const step of ['started', 'processing data', 'completed']) {
    await mcpReq.log('info', `Tool execution ${step}`)
    await pause(10)
  }
  return { content: [{ type: 'text' as const, text: 'Logged three times' }] }
}
