import { createHash } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import type { Correlation } from '@gatehouse/telemetry'
import type { Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { type Asker, ask } from '../upstream/ask.ts'

/** Everything one server offers, under its own names. */
export interface Listing {
  version: string
  instructions: string
  capabilities: Record<string, unknown>
  tools: Tool[]
  prompts: Prompt[]
  resources: Resource[]
  templates: ResourceTemplateType[]
  /** Of all of it: the same digest, the same offer. */
  digest: string
}

const MOST_PAGES = 50
const named = z.looseObject({ name: z.string().min(1).max(256) })
const tool = named.extend({ inputSchema: z.looseObject({ type: z.literal('object') }) })
const resource = named.extend({ uri: z.string().min(1).max(2_048) })
const template = named.extend({ uriTemplate: z.string().min(1).max(2_048) })
const discovered = z.looseObject({
  capabilities: z.record(z.string(), z.unknown()),
  instructions: z.string().max(20_000).optional(),
})

/** Asks a server for all of its lists. One that is not valid fails the whole: half an offer would look like a change. */
export async function readListing(
  server: Asker,
  options: { timeoutMs: number; correlation: Correlation },
): Promise<Listing> {
  const answer = await ask(server, 'server/discover', {}, options)
  const { capabilities, instructions = '' } = checked(discovered, answer, server.id)
  const meta = answer._meta as { 'io.modelcontextprotocol/serverInfo'?: { version?: unknown } } | undefined
  const version = String(meta?.['io.modelcontextprotocol/serverInfo']?.version ?? '')
  const all = async <T>(method: string, field: string, item: z.ZodType, wanted: boolean): Promise<T[]> =>
    wanted ? ((await pages(server, method, field, z.array(item), options)) as T[]) : []
  const has = (name: string) => capabilities[name] !== undefined
  const lists = {
    tools: await all<Tool>('tools/list', 'tools', tool, has('tools')),
    prompts: await all<Prompt>('prompts/list', 'prompts', named, has('prompts')),
    resources: await all<Resource>('resources/list', 'resources', resource, has('resources')),
    templates: await all<ResourceTemplateType>(
      'resources/templates/list',
      'resourceTemplates',
      template,
      has('resources'),
    ),
  }
  const whole = { version, instructions, capabilities, ...lists }
  return { ...whole, digest: createHash('sha256').update(JSON.stringify(whole)).digest('hex') }
}

async function pages(
  server: Asker,
  method: string,
  field: string,
  schema: z.ZodType<unknown[]>,
  options: { timeoutMs: number; correlation: Correlation },
): Promise<unknown[]> {
  const found: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(server, method, cursor === undefined ? {} : { cursor }, options)
    found.push(...checked(schema, answer[field], server.id))
    cursor = typeof answer.nextCursor === 'string' ? answer.nextCursor : undefined
    if (cursor === undefined) return found
  }
  throw new GatehouseError('SERVER_MISBEHAVED', `The list of the server ${server.id} does not end`)
}

function checked<T>(schema: z.ZodType<T>, value: unknown, id: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new GatehouseError(
    'SERVER_MISBEHAVED',
    `The list of the server ${id} is not valid at ${issue?.path.map(String).join('.') ?? 'its top'}`,
  )
}
