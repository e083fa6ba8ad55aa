import {
  flag,
  misspelt,
  oneOf,
  port,
  readSettings,
  SettingError,
  type Settings,
  secret,
  settingsHelp,
  text,
  url,
} from '@gatehouse/host'

export const definitions = {
  HUB_PORT: port('port of MCP and of the status page', 8000),
  HUB_FILE: {
    ...text('the registry: which servers there are, and who may call them'),
    shown: 'hub.yaml beside the program',
  },
  HOST: text('address to listen on', '127.0.0.1'),
  MCP_TOKEN: secret(
    'bearer token of callers, and the one the hub shows to servers of the suite; without it only this machine is served',
  ),
  HUB_KEY: secret('signs to servers of the suite on whose behalf the hub calls; the same there'),
  HUB_PAGES: flag(
    'serve the status page; it shows names of tools and servers to whoever may see all of them',
    true,
  ),
  DOCUMENTATION_URL: url('how a browser reaches the documentation: 08_k8s_mcp', 'http://127.0.0.1:8008'),
  APPROVAL_PUBLIC_URL: url('how a browser reaches the approval pages', 'http://127.0.0.1:3100'),
  LOG_LEVEL: oneOf('least level that is logged', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  SANITIZER_KEY: secret('key of the digests that stand for secrets; made anew at each start unless set'),
}

export type Config = Settings<typeof definitions> & {
  file: string
  /** For addresses in hub.yaml that name variables. */
  environment: Environment
}

type Environment = Record<string, string | undefined>

const DEFAULT_FILE = new URL('../hub.yaml', import.meta.url).pathname

/** Throws SettingError for the first setting that cannot be used. */
export function readConfig(environment: Environment): { config: Config; warnings: string[] } {
  const settings = readSettings(definitions, environment)
  const { HUB_KEY, MCP_TOKEN } = settings
  if (HUB_KEY !== undefined && HUB_KEY === MCP_TOKEN) {
    throw new SettingError('HUB_KEY: expected another value than MCP_TOKEN: callers know that one')
  }
  const config = { ...settings, file: settings.HUB_FILE ?? DEFAULT_FILE, environment }
  return { config, warnings: misspelt(definitions, environment) }
}

export function help(): string {
  return `00_hub_mcp: one MCP address for all servers of the suite

Usage: node_modules/.bin/node dockers/00_hub_mcp/src/main.ts [--help]

Settings (environment; secrets also as NAME_FILE):
${settingsHelp(definitions)}
`
}
