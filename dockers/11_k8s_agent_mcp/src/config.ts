import { readFileSync, statSync } from 'node:fs'
import {
  misspelt,
  oneOf,
  readSettings,
  SettingError,
  type Settings,
  secret,
  settingsHelp,
  text,
  url,
} from '@gatehouse/host'

export const definitions = {
  KUBECONFIG: text('kubeconfig file(s); without it in-cluster, then ~/.kube/config'),
  K8S_CONTEXT: text("context to work in instead of the kubeconfig's current one"),
  AGENT_APPROVAL: oneOf(
    "whose word a deletion needs: the agent's approved: true, or an operator's",
    ['argument', 'operator'],
    'argument',
  ),
  APPROVAL_URL: url('where an operator approves: 09_remediation_mcp', 'http://127.0.0.1:3100'),
  MCP_TOKEN: secret('bearer token for it, of scope propose'),
  AGENT_FIELDS_FILE: {
    ...text('YAML file with the fields of each kind that may be shown'),
    shown: 'static/fields.yaml',
  },
  AGENT_SUMMARY_URL: text(
    'base URL of an OpenAI-compatible API that adds a summary to replies; off without it',
  ),
  AGENT_SUMMARY_MODEL: text('model of that API'),
  AGENT_SUMMARY_TOKEN: secret('bearer token of that API', 8),
  LOG_LEVEL: oneOf('least level that is logged', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  SANITIZER_KEY: secret('key of the digests that stand for secrets; made anew at each start unless set'),
}

export type Config = Settings<typeof definitions> & {
  home: string | undefined
  inClusterHost: string | undefined
  inClusterPort: string | undefined
  /** Text of the allow-lists, and the setting it comes from. */
  fields: { text: string; setting: string }
  summary: { url: string; model: string; token: string | undefined } | undefined
}

type Environment = Record<string, string | undefined>

const MOST_FIELDS_BYTES = 256 * 1024
const SHIPPED = new URL('../static/fields.yaml', import.meta.url)

/** Throws SettingError for the first setting that cannot be used. */
export function readConfig(environment: Environment): { config: Config; warnings: string[] } {
  const settings = readSettings(definitions, environment)
  const config = {
    ...settings,
    home: environment.HOME ?? environment.USERPROFILE,
    inClusterHost: environment.KUBERNETES_SERVICE_HOST,
    inClusterPort: environment.KUBERNETES_SERVICE_PORT,
    fields: fieldsOf(settings.AGENT_FIELDS_FILE),
    summary: summaryOf(settings),
  }
  return { config, warnings: misspelt(definitions, environment) }
}

export function help(): string {
  return `mcp-k8s-agent: strict Kubernetes access for AI clients, over stdio only

Usage: node_modules/.bin/node dockers/11_k8s_agent_mcp/src/main.ts [--help]

Speaks MCP on stdin and stdout; start line and logs go to stderr. Five tools, one API request each. No setting
loosens what it refuses: Secrets, ConfigMaps, cluster-wide access, selectors, bulk, anything unknown.

Settings (environment; secrets also as NAME_FILE):
${settingsHelp(definitions)}
`
}

function fieldsOf(file: string | undefined): Config['fields'] {
  try {
    // Some files have no end, and some wait for a writer.
    const about = statSync(file ?? SHIPPED)
    if (!about.isFile()) throw new SettingError('AGENT_FIELDS_FILE: expected a file')
    if (about.size > MOST_FIELDS_BYTES) throw new SettingError('AGENT_FIELDS_FILE: larger than 256 kB')
    return { text: readFileSync(file ?? SHIPPED, 'utf8'), setting: 'AGENT_FIELDS_FILE' }
  } catch (cause) {
    if (cause instanceof SettingError) throw cause
    const reason = (cause as NodeJS.ErrnoException).code
    throw new SettingError(`AGENT_FIELDS_FILE: the file cannot be read (${reason})`, { cause })
  }
}

function summaryOf(settings: Settings<typeof definitions>): Config['summary'] {
  const { AGENT_SUMMARY_URL: url, AGENT_SUMMARY_MODEL: model, AGENT_SUMMARY_TOKEN: token } = settings
  if (!url) {
    if (model || token)
      throw new SettingError('AGENT_SUMMARY_URL: expected with AGENT_SUMMARY_MODEL and _TOKEN')
    return undefined
  }
  if (!URL.canParse(url)) throw new SettingError('AGENT_SUMMARY_URL: expected a URL')
  const { protocol, hostname, username, password, search, hash } = new URL(url)
  const local = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && local)) {
    throw new SettingError('AGENT_SUMMARY_URL: expected https, or http on this machine')
  }
  if (username || password)
    throw new SettingError('AGENT_SUMMARY_URL: expected no credentials; use AGENT_SUMMARY_TOKEN')
  if (search || hash) throw new SettingError('AGENT_SUMMARY_URL: expected no query and no fragment')
  if (!model) throw new SettingError('AGENT_SUMMARY_MODEL: expected with AGENT_SUMMARY_URL')
  return { url: url.replace(/\/$/, ''), model, token }
}
