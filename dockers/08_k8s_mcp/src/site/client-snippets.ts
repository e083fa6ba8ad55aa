import { ownWords } from '@gatehouse/sanitizer'
import { codeBlock, type Html, html, type Shown } from '@gatehouse/web'

/** What is copied into the configuration of a client, for a server that runs at this origin. */
export function clientSnippets(origin: Shown): Html {
  const address = ownWords`${origin}/mcp/names/safe`
  const clients: [Shown, Shown, Shown][] = [
    [
      ownWords`Claude Code`,
      ownWords`in a terminal`,
      ownWords`claude mcp add --transport http gatehouse-k8s ${address}`,
    ],
    [
      ownWords`Claude Desktop`,
      ownWords`claude_desktop_config.json; it starts programs only, so mcp-remote carries it over HTTP`,
      ownWords`{ "mcpServers": { "gatehouse-k8s": { "command": "npx", "args": ["-y", "mcp-remote@0.15.1", "${address}"] } } }`,
    ],
    [
      ownWords`VS Code`,
      ownWords`.vscode/mcp.json`,
      ownWords`{ "servers": { "gatehouse-k8s": { "type": "http", "url": "${address}" } } }`,
    ],
    [
      ownWords`Cursor`,
      ownWords`~/.cursor/mcp.json`,
      ownWords`{ "mcpServers": { "gatehouse-k8s": { "url": "${address}" } } }`,
    ],
  ]
  const blocks = clients.map(([name, place, text]) =>
    codeBlock(text, html`<strong>${name}</strong> <span class="muted">${place}</span>`, name),
  )
  return html`${blocks}<p class="muted">Where MCP_TOKEN is set, clients send it as a bearer token; the repository’s docs/clients.md says where each of them takes it, and how they start the server themselves.</p>`
}
