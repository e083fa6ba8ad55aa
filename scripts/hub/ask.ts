import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { readConfig } from '../../dockers/00_hub_mcp/src/config.ts'
import { plain } from './plain.ts'

interface Options {
  url: string
  json: boolean
}

async function connected<T>({ url }: Options, work: (client: Client) => Promise<T>): Promise<T> {
  const token = readConfig(process.env).config.MCP_TOKEN
  const client = new Client({ name: 'gatehouse-hub-cli', version: '0.1.0' })
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
  } catch (cause) {
    throw Object.assign(new Error(`No hub answers at ${url}; npm start starts one`, { cause }), {
      code: 'NO_HUB',
    })
  }
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** What a running hub lists at this address. */
export async function tools(options: Options): Promise<void> {
  const { tools: list } = await connected(options, (client) => client.listTools())
  if (options.json) console.log(plain(JSON.stringify(list, null, 2)))
  else for (const { name, description } of list) console.log(plain(`${name.padEnd(48)} ${description ?? ''}`))
}

/** Calls one tool; 1 where the answer is an error. */
export async function call(name: string, input: string, options: Options): Promise<number> {
  let parsed: Record<string, unknown>
  try {
    parsed = JSON.parse(input)
  } catch {
    console.error('The arguments are no JSON object, such as \'{"namespace":"shop"}\'')
    return 2
  }
  return connected(options, async (client) => {
    try {
      const result = await client.callTool({ name, arguments: parsed })
      const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
      console.log(plain(options.json ? JSON.stringify(result, null, 2) : text))
      return result.isError ? 1 : 0
    } catch (error) {
      console.error(plain((error as Error).message))
      return 1
    }
  })
}
