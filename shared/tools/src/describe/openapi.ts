import { catalogue } from '@gatehouse/errors'
import type { AnyTool } from '../tool.ts'
import { fullSchema } from './wire-schema.ts'

/** OpenAPI 3.1 of the REST door, derived from the tools and nothing else. */
export function openApi(
  info: { title: string; version: string; description: string },
  tools: readonly AnyTool[],
) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const tool of tools) {
    paths[`/tools/${tool.name}`] = { post: operation(tool, tool.name, bodyOf(tool)) }
    if (!tool.rest) continue
    const method = tool.rest.method.toLowerCase()
    const path = paths[tool.rest.path] ?? {}
    paths[tool.rest.path] = path
    const parameters = parametersOf(tool)
    const request =
      method === 'post'
        ? { parameters: parameters.filter((one) => one.in === 'path'), ...bodyOf(tool) }
        : { parameters }
    path[method] = operation(tool, `${method} ${tool.rest.path}`, request)
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problemSchema() },
    },
    security: [{ bearer: [] }],
  }
}

function operation(tool: AnyTool, operationId: string, request: Record<string, unknown>) {
  return {
    operationId,
    summary: tool.title,
    description: tool.description,
    ...request,
    responses: {
      [tool.proposes ? 202 : 200]: {
        description: tool.proposes ? 'The change waits for a person' : 'The reply',
        content: { 'application/json': { schema: fullSchema(tool.output, 'output') } },
      },
      default: {
        description: 'An error of the catalogue',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function bodyOf(tool: AnyTool) {
  const examples = Object.fromEntries(tool.examples.map((one) => [one.title, { value: one.input }]))
  return {
    requestBody: { content: { 'application/json': { schema: fullSchema(tool.input, 'input'), examples } } },
  }
}

function parametersOf(tool: AnyTool) {
  const schema = fullSchema(tool.input, 'input') as { properties?: Record<string, unknown> }
  return Object.entries(schema.properties ?? {}).map(([name, type]) => {
    const inPath = tool.rest?.path.includes(`{${name}}`) ?? false
    return { name, in: inPath ? 'path' : 'query', required: inPath, schema: type }
  })
}

function problemSchema() {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'message', 'hint', 'correlation_id'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { enum: Object.keys(catalogue) },
      message: { type: 'string' },
      hint: { type: 'string' },
      correlation_id: { type: 'string' },
    },
  }
}
