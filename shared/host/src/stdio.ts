import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { McpDoor, McpView } from '@gatehouse/tools'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'

const GRACE_MS = 10_000

/**
 * Serves MCP on stdin and stdout until the client closes its end. Nothing else may write to stdout. Closing takes
 * no new calls and lets those under way finish.
 */
export function serveOnStdio(
  door: McpDoor,
  view: Omit<McpView, 'caller'>,
): { closed: Promise<void>; close(): Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const transport = door.guard(new StdioServerTransport())
  const handle = serveStdio(door.factory({ ...view, caller: 'stdio' }), { transport })
  const { onclose } = transport
  // It also closes by itself, after a message that is too large.
  transport.onclose = () => {
    onclose?.()
    resolve()
  }
  process.stdin.once('close', resolve)
  process.stdin.once('end', resolve)
  const close = async () => {
    process.stdin.pause()
    await Promise.race([door.idle(), pause(GRACE_MS, undefined, { ref: false })])
    // The last answer is written after its call has ended.
    await nextTurn()
    await handle.close()
  }
  return { closed: promise, close }
}
