import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { type AnyTool, type McpView, type NameStyle, toolset, toolsets } from '@gatehouse/tools'
import { SettingError } from './settings/settings.ts'

/**
 * Which tools an MCP address shows: `/mcp` the configured sets, `/mcp/essential`, `/mcp/readonly`, `/mcp/<prefix>`,
 * each also followed by `/names/dotted` or `/names/safe`. Throws NOT_FOUND for a set that does not exist, and
 * SettingError at once for a configured one.
 */
export function createViews(tools: readonly AnyTool[], sets: readonly string[], names: NameStyle) {
  const all = configured(tools, sets)
  const known = new Map<string, Omit<McpView, 'caller'>>()
  return (path: string): Omit<McpView, 'caller'> => {
    const cached = known.get(path)
    if (cached) return cached
    const match = /^\/mcp(?:\/(?!names\/)([A-Za-z0-9._]+))?(?:\/names\/(dotted|safe))?\/?$/.exec(path)
    if (!match) throw unknown(path, tools)
    const [, set, style] = match
    const shown = set === undefined ? all : toolset(all, set)
    if (shown.length === 0) throw unknown(path, tools)
    const short = set === 'essential' || (set === undefined && sets.join() === 'essential')
    const view = { tools: shown, names: (style as NameStyle | undefined) ?? names, short }
    known.set(path, view)
    return view
  }
}

function configured(tools: readonly AnyTool[], sets: readonly string[]): AnyTool[] {
  const index = sets.findIndex((set) => toolset(tools, set).length === 0)
  const wrong = sets[index]
  if (wrong === undefined) return toolsets(tools, sets)
  const near = didYouMean(nearest(wrong, ['all', ...setsOf(tools)]))
  throw new SettingError(`TOOLSETS: name ${index + 1} is no toolset${near}`)
}

function setsOf(tools: readonly AnyTool[]): string[] {
  const prefixes = tools.map((tool) => tool.name.split('.').slice(0, -1).join('.'))
  return ['essential', 'readonly', ...new Set(prefixes)]
}

function unknown(path: string, tools: readonly AnyTool[]): GatehouseError {
  const sets = setsOf(tools)
  const near = nearest(path.replace(/^\/mcp\//, ''), sets).map((set) => `/mcp/${set}`)
  return new GatehouseError('NOT_FOUND', `There is no toolset at this address${didYouMean(near)}`, {
    hint: `Toolsets: ${sets.map((set) => `/mcp/${set}`).join(', ')}`,
    data: { nearest: near },
  })
}
