import { type AnyTool, fullSchema, safeName } from '@gatehouse/tools'
import { table } from './tables.ts'

interface Property {
  type?: string
  anyOf?: { type?: string }[]
  enum?: unknown[]
  items?: { type?: string }
  description?: string
  minimum?: number
  maximum?: number
}

export interface ToolServer {
  name: string
  tools: readonly AnyTool[]
}

/** One page per tool and an index, for readers; everything on them stands in the tool's file. */
export function toolPages(servers: readonly ToolServer[]): Map<string, string> {
  const pages = new Map(
    servers.flatMap(({ name, tools }) =>
      tools.map((tool): [string, string] => [`${tool.name}.md`, page(name, tool)]),
    ),
  )
  const index = servers.map(({ name, tools }) => {
    const rows = tools.map((tool) => [`[\`${tool.name}\`](${tool.name}.md)`, tool.description])
    return `## ${name}\n\n${table(['Tool', 'What it does'], rows)}`
  })
  pages.set('README.md', `# Tools\n\nGenerated from the tools' own files.\n\n${index.join('\n')}`)
  return pages
}

function page(server: string, tool: AnyTool): string {
  const input = fullSchema(tool.input, 'input') as {
    properties?: Record<string, Property>
    required?: string[]
  }
  const rows = Object.entries(input.properties ?? {}).map(([name, property]) => [
    `\`${name}\`${input.required?.includes(name) ? ' (required)' : ''}`,
    typeOf(property),
    property.description ?? '',
  ])
  const output = fullSchema(tool.output, 'output') as { properties?: Record<string, Property> }
  const fields = Object.keys(output.properties ?? {}).map((name) => `\`${name}\``)
  const facts = [
    `Server \`${server}\`; safe name \`${safeName(tool.name)}\`; risk **${tool.risk}**.`,
    tool.essential ? 'Part of the toolset `essential`.' : '',
    tool.rest ? `REST: \`${tool.rest.method} ${tool.rest.path}\`.` : '',
    tool.untrusted ? 'The reply carries text from inside the cluster: it is fenced as data.' : '',
  ].filter(Boolean)
  const examples = tool.examples.map(
    (one) => `${one.title}:\n\n\`\`\`json\n${JSON.stringify(one.input, null, 2)}\n\`\`\`\n`,
  )
  const parameters = rows.length > 0 ? table(['Parameter', 'Type', 'Meaning'], rows) : 'None.\n'
  return `# ${tool.name}

${tool.description}.

${facts.join(' ')}

## Parameters

${parameters}
## Reply

${fields.join(', ')}. The whole schema is in the contract's file and, over REST, in \`/openapi.json\`.

## Examples

${examples.join('\n')}`
}

function typeOf(property: Property): string {
  if (property.enum) return property.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (property.anyOf) return property.anyOf.map((one) => one.type ?? 'any').join(' or ')
  const range =
    property.minimum !== undefined && property.maximum !== undefined && property.maximum < 1e9
      ? `, ${property.minimum} to ${property.maximum}`
      : ''
  if (property.type === 'array') return `${property.items?.type ?? 'any'}[]`
  return `${property.type ?? 'any'}${range}`
}
