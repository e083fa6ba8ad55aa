import type { McpDoor, McpView } from '@gatehouse/tools'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'

/** Serves MCP on stdin and stdout until the client closes its end. Nothing else may write to stdout. */
export function serveOnStdio(
  door: McpDoor,
  view: Omit<McpView, 'caller'>,
): { closed: Promise<void>; close(): Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const transport = new StdioServerTransport()
  const handle = serveStdio(door.factory({ ...view, caller: 'stdio' }), { transport })
  process.stdin.once('close', resolve)
  process.stdin.once('end', resolve)
  return { closed: promise, close: () => handle.close() }
}
