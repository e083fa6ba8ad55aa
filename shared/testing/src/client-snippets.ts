import { parse } from 'smol-toml'

/** One client's configuration as a page shows it. */
export interface Snippet {
  /** Client, section and language: `Claude Code, Over stdio, bash`. */
  title: string
  entry: {
    command?: string
    args?: string[]
    env?: Record<string, string>
    url?: string
    headers?: Record<string, string>
  }
}

export interface SnippetOptions {
  /** The repository's folder, which the page writes as /absolute/path/to/gatehouse. */
  root: string
  /** Under which name clients get the server. */
  server: string
  /** What the person fills in for MCP_TOKEN. */
  token?: string
}

/** Every snippet for this server under a client's heading (###) of a Markdown page, read as that client reads it. */
export function clientSnippets(page: string, options: SnippetOptions): Snippet[] {
  const found: Snippet[] = []
  let over = ''
  let client = ''
  for (const [, section, name, language, text = ''] of page.matchAll(
    /^## ([^:\n]+)(?::.*)?$|^### (.+)$|^```(json|bash|toml)\n([\s\S]*?)^```$/gm,
  )) {
    if (section) [over, client] = [section, '']
    if (name) client = name
    if (!language || !client) continue
    const whole = filled(text, options)
    // Other servers' snippets are other tests' business.
    if (!new RegExp(`[ ".]${options.server}["\\] ]`).test(whole)) continue
    const entry = readers[language]?.({ client, text: whole, raw: text, options })
    if (!entry) throw new Error(`no reader for ${language}`)
    found.push({ title: `${client}, ${over}, ${language}`, entry })
  }
  return found
}

interface Written {
  client: string
  /** With what the person fills in. */
  text: string
  raw: string
  options: SnippetOptions
}

const readers: Record<string, (written: Written) => Snippet['entry']> = {
  json: fromJson,
  toml: fromToml,
  bash: ({ text }) => fromCommand(text),
}

function fromToml({ client, text, options: { server, token } }: Written): Snippet['entry'] {
  const file = parse(text) as { mcp_servers?: Record<string, Codex> }
  if (Object.keys(file.mcp_servers ?? {}).join() !== server) throw new Error(`${client}: no table ${server}`)
  const { bearer_token_env_var: variable, ...entry } = file.mcp_servers?.[server] ?? {}
  if (!variable) return entry
  if (variable !== 'MCP_TOKEN') throw new Error(`${client}: nothing says what ${variable} is`)
  return { ...entry, headers: { Authorization: `Bearer ${token}` } }
}

interface Codex {
  command?: string
  args?: string[]
  env?: Record<string, string>
  url?: string
  bearer_token_env_var?: string
}

function fromJson({ client, text, raw, options: { server } }: Written): Snippet['entry'] {
  const file = JSON.parse(text)
  // The key each client reads; the other one is silently ignored by it.
  const entries = client === 'VS Code' ? file.servers : file.mcpServers
  if (Object.keys(entries ?? {}).join() !== server) throw new Error(`${client}: no entry named ${server}`)
  const declared: string[] = (file.inputs ?? []).map((input: { id: string }) => input.id)
  for (const [, id = ''] of raw.matchAll(/\$\{input:([^}]+)\}/g))
    if (!declared.includes(id)) throw new Error(`${client}: input ${id} is not declared`)
  const { httpUrl, ...entry } = entries[server]
  // Gemini CLI takes another transport where the address stands under `url`.
  if (client === 'Gemini CLI' && entry.url) throw new Error('Gemini CLI: expected httpUrl')
  return httpUrl ? { ...entry, url: httpUrl } : entry
}

function fromCommand(text: string): Snippet['entry'] {
  const words = [...text.replaceAll('\\\n', ' ').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
  if (words.slice(0, 3).join(' ') !== 'claude mcp add') throw new Error(`not a command of claude: ${text}`)
  const divider = words.indexOf('--')
  if (divider > 0) return { command: words[divider + 1] ?? '', args: words.slice(divider + 2) }
  const [name = '', value = ''] = (words[words.indexOf('--header') + 1] ?? '').split(': ')
  return { url: words.find((word) => word.startsWith('http://')) ?? '', headers: { [name]: value } }
}

// What the person fills in, and what the client expands.
function filled(text: string, { root, token = '' }: SnippetOptions): string {
  return text
    .replaceAll('/absolute/path/to/gatehouse', root)
    .replace(/\$\{(env:)?MCP_TOKEN\}|\$MCP_TOKEN|\$\{input:gatehouse-token\}/g, token)
}
