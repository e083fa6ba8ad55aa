import { codeBlock, type Html, html, type Shown } from '@gatehouse/web'

/** A call as it is made: the tool's name, where it stands over REST, and its input. */
export function toolCall(tool: Shown, input: Shown): Html {
  const caption = html`<code>${tool}</code> <span class="muted">over MCP, or POST /tools/${tool}</span>`
  return codeBlock(input, caption, tool)
}
