import { annotationsOf } from '@gatehouse/policy'
import { type AnyTool, fullSchema, wireSchema } from '@gatehouse/tools'

/** One JSON file per tool: exactly what clients see and rely on, so that a change of it shows in review. */
export function contractFiles(tools: readonly AnyTool[]): Map<string, string> {
  return new Map(tools.map((tool) => [`${tool.name}.json`, `${JSON.stringify(contractOf(tool), null, 2)}\n`]))
}

function contractOf(tool: AnyTool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    risk: tool.risk,
    essential: Boolean(tool.essential),
    untrusted: tool.untrusted === true,
    annotations: annotationsOf(tool.risk),
    rest: tool.rest ?? null,
    wireSchema: wireSchema(tool.input),
    output: fullSchema(tool.output, 'output'),
  }
}
