import { z } from 'zod'
import { defineTool } from '../tool.ts'

const tool = z.object({ tool: z.string(), calls: z.int(), errors: z.int(), meanMs: z.number() })

export const getMetrics = defineTool({
  name: 'infra.k8s.getMetrics',
  title: 'Server: metrics',
  description: 'Calls, errors and latencies of this MCP server',
  risk: 'read',
  input: z.object({}),
  output: z.object({
    calls: z.int(),
    errors: z.int(),
    inFlight: z.int(),
    apiRequests: z.int(),
    sharedReads: z.int(),
    redactions: z.int(),
    tools: z.array(tool),
  }),
  examples: [{ title: 'How this server is used', input: {} }],
  run: async (_query, _context, { metrics }) => metrics(),
})
