import { GatehouseError } from '@gatehouse/errors'
import type { Sanitised } from '@gatehouse/sanitizer'
import { ResourceNotFoundError } from '@modelcontextprotocol/server'
import type { McpExtension } from './mcp.ts'

export interface ResourceEntry {
  uri: Sanitised<string>
  name: Sanitised<string>
  title: Sanitised<string>
  mimeType: string
}

interface ResourceTemplateEntry {
  uriTemplate: string
  name: string
  title: string
  mimeType: string
}

export interface ResourceText {
  mimeType: string
  text: Sanitised<string>
}

/** What a server lets clients read by address. */
export interface Resources {
  list(): Promise<ResourceEntry[]>
  templates: readonly ResourceTemplateEntry[]
  /** @throws GatehouseError NOT_FOUND for an address that leads nowhere */
  read(uri: string, signal: AbortSignal): Promise<ResourceText>
  /** Values an argument of a template may have, those that begin with `value` first. */
  complete(
    uriTemplate: string,
    argument: { name: string; value: string },
    chosen: Readonly<Record<string, string>>,
  ): Promise<Sanitised<string>[]>
}

const MOST_COMPLETIONS = 100

/** Resources over MCP: list, templates, read and completion. */
export function resourceExtension(resources: Resources): McpExtension {
  return {
    capabilities: { resources: {}, completions: {} },
    register(server) {
      server.setRequestHandler('resources/list', async () => ({ resources: await resources.list() }))
      server.setRequestHandler('resources/templates/list', () => ({
        resourceTemplates: [...resources.templates],
      }))
      server.setRequestHandler('resources/read', async ({ params: { uri } }, { mcpReq }) => {
        const { text, mimeType } = await found(uri, resources.read(uri, mcpReq.signal))
        return { contents: [{ uri, mimeType, text }] }
      })
      server.setRequestHandler('completion/complete', async ({ params }) => {
        const { ref, argument, context } = params
        const values =
          ref.type === 'ref/resource'
            ? await resources.complete(ref.uri, argument, context?.arguments ?? {})
            : []
        const shown = values.slice(0, MOST_COMPLETIONS)
        return { completion: { values: shown, total: values.length, hasMore: shown.length < values.length } }
      })
    },
  }
}

/** Several extensions as one; each registers its handlers in turn. */
export function extensions(...all: readonly McpExtension[]): McpExtension {
  const requestState = all.find((one) => one.requestState)?.requestState
  return {
    capabilities: Object.assign({}, ...all.map((one) => one.capabilities)),
    ...(requestState && { requestState }),
    register: (server, own) => {
      for (const one of all) one.register(server, own)
    },
  }
}

// Its message says what is nearest; the SDK’s own class is what clients know a missing resource by.
async function found<T>(uri: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    const missing = error instanceof GatehouseError && error.http < 500
    throw missing ? new ResourceNotFoundError(uri, `${error.message}. ${error.hint}`) : error
  }
}
