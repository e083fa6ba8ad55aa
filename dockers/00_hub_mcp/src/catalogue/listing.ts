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
// Of one server, tools, prompts and resources together; a list is sent whole to every client that asks.
const MOST_BYTES = 4_000_000
const MOST_ITEMS = 2_000
const named = z.looseObject({ name: z.string().min(1).max(256) })
const tool = named.extend({ inputSchema: z.looseObject({ type: z.literal('object') }) })
const resource = named.extend({ uri: z.string().min(1).max(2_048) })
const template = named.extend({ uriTemplate: z.string().min(1).max(2_048) })
const discovered = z.looseObject({
  capabilities: z.record(z.string(), z.unknown()),
  instructions: z.string().max(20_000).optional(),
})

/** What one reading may cost, whatever it is that the server offers and in how many pieces. */
interface Budget {
  bytes: number
  items: number
  /** When it must be over, by performance.now(). */
  until: number
}

type Options = { timeoutMs: number; correlation: Correlation }
type Question = (method: string, params: Record<string, unknown>) => Promise<Record<string, unknown>>

/** Asks a server for all of its lists. One that is not valid fails the whole: half an offer would look like a change. */
export async function readListing(server: Asker, options: Options): Promise<Listing> {
  const budget = { bytes: MOST_BYTES, items: MOST_ITEMS, until: performance.now() + 2 * options.timeoutMs }
  const question = asking(server, options, budget)
  const answer = await question('server/discover', {})
  const { capabilities, instructions = '' } = checked(discovered, answer, server.id)
  const meta = answer._meta as { 'io.modelcontextprotocol/serverInfo'?: { version?: unknown } } | undefined
  const said = meta?.['io.modelcontextprotocol/serverInfo']?.version
  const version = typeof said === 'string' ? said.slice(0, 100) : ''
  const all = async <T>(method: string, field: string, item: z.ZodType, wanted: boolean): Promise<T[]> =>
    wanted ? ((await pages(question, server.id, { method, field, item, budget })) as T[]) : []
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

function asking(server: Asker, { timeoutMs, correlation }: Options, budget: Budget): Question {
  return async (method, params) => {
    const left = budget.until - performance.now()
    if (left < 1) throw new GatehouseError('TIMEOUT')
    // The last page may be refused by its size alone, before it is here.
    const bounded = { ...server, maxReplyBytes: Math.min(server.maxReplyBytes, budget.bytes) }
    const { result, bytes } = await ask(bounded, method, params, {
      timeoutMs: Math.min(timeoutMs, left),
      correlation,
    })
    budget.bytes -= bytes
    return result
  }
}

async function pages(
  question: Question,
  id: string,
  { method, field, item, budget }: { method: string; field: string; item: z.ZodType; budget: Budget },
): Promise<unknown[]> {
  const found: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await question(method, cursor === undefined ? {} : { cursor })
    const items = checked(z.array(item), answer[field], id)
    budget.items -= items.length
    if (budget.items < 0) {
      throw new GatehouseError('SERVER_MISBEHAVED', `The server ${id} offers more than ${MOST_ITEMS} things`)
    }
    found.push(...items)
    cursor = typeof answer.nextCursor === 'string' ? answer.nextCursor : undefined
    if (cursor === undefined) return found
  }
  throw new GatehouseError('SERVER_MISBEHAVED', `The list of the server ${id} does not end`)
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
