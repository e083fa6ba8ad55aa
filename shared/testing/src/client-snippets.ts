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

/** Every snippet of a Markdown page that stands under a client's heading (###), read as that client reads it. */
export function clientSnippets(page: string, options: SnippetOptions): Snippet[] {
  const found: Snippet[] = []
  let over = ''
  let client = ''
  for (const [, section, name, language, text = ''] of page.matchAll(
    /^## ([^:\n]+)(?::.*)?$|^### (.+)$|^```(json|bash)\n([\s\S]*?)^```$/gm,
  )) {
    if (section) [over, client] = [section, '']
    if (name) client = name
    if (!language || !client) continue
    const whole = filled(text, options)
    const entry = language === 'json' ? fromJson(client, whole, text, options) : fromCommand(whole)
    found.push({ title: `${client}, ${over}, ${language}`, entry })
  }
  return found
}

function fromJson(client: string, text: string, raw: string, { server }: SnippetOptions): Snippet['entry'] {
  const file = JSON.parse(text)
  // The key each client reads; the other one is silently ignored by it.
  const entries = client === 'VS Code' ? file.servers : file.mcpServers
  if (Object.keys(entries ?? {}).join() !== server) throw new Error(`${client}: no entry named ${server}`)
  const declared: string[] = (file.inputs ?? []).map((input: { id: string }) => input.id)
  for (const [, id = ''] of raw.matchAll(/\$\{input:([^}]+)\}/g))
    if (!declared.includes(id)) throw new Error(`${client}: input ${id} is not declared`)
  return entries[server]
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
