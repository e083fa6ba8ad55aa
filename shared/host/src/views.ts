import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { type AnyTool, type McpView, type NameStyle, toolset, toolsets } from '@gatehouse/tools'

/**
 * Which tools an MCP address shows: `/mcp` the configured sets, `/mcp/essential`, `/mcp/readonly`, `/mcp/<prefix>`,
 * each also followed by `/names/dotted` or `/names/safe`. Throws NOT_FOUND for a set that does not exist.
 */
export function createViews(tools: readonly AnyTool[], sets: readonly string[], names: NameStyle) {
  const all = toolsets(tools, sets)
  const known = new Map<string, Omit<McpView, 'caller'>>()
  return (path: string): Omit<McpView, 'caller'> => {
    const cached = known.get(path)
    if (cached) return cached
    const match = /^\/mcp(?:\/(?!names\/)([A-Za-z0-9._]+))?(?:\/names\/(dotted|safe))?\/?$/.exec(path)
    if (!match) throw unknown(path, tools)
    const [, set, style] = match
    const shown = set === undefined ? all : toolset(all, set)
    if (shown.length === 0) throw unknown(path, tools)
    const view = { tools: shown, names: (style as NameStyle | undefined) ?? names }
    known.set(path, view)
    return view
  }
}

function unknown(path: string, tools: readonly AnyTool[]): GatehouseError {
  const prefixes = tools.map((tool) => tool.name.split('.').slice(0, -1).join('.'))
  const sets = ['essential', 'readonly', ...new Set(prefixes)]
  const near = nearest(path.replace(/^\/mcp\//, ''), sets).map((set) => `/mcp/${set}`)
  return new GatehouseError('NOT_FOUND', `There is no toolset at ${path.slice(0, 80)}${didYouMean(near)}`, {
    hint: `Toolsets: ${sets.map((set) => `/mcp/${set}`).join(', ')}`,
    data: { nearest: near },
  })
}
