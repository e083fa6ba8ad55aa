import path from 'node:path'
import {
  duration,
  flag,
  hubGuard,
  hubSettings,
  misspelt,
  names,
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
  REMEDIATION_PORT: port('port of MCP', 8009),
  APPROVAL_PORT: port('port of the approval pages and REST', 3100),
  APPROVAL_PUBLIC_URL: {
    ...url('what links shown to people begin with'),
    shown: 'http://127.0.0.1:APPROVAL_PORT',
  },
  APPROVAL_HOSTS: names('further host names under which other servers call the approval port', []),
  DOCUMENTATION_URL: url('how a browser reaches the documentation: 08_k8s_mcp', 'http://127.0.0.1:8008'),
  HOST: text('address to listen on', '127.0.0.1'),
  MCP_TOKEN: secret("the first agent's bearer token (read, propose); without it only this machine is served"),
  ...hubSettings('09_remediation_mcp'),
  APPROVER_TOKEN: secret("the first person's bearer token (approve, admin); made at first start unless set"),
  SINGLE_USER: flag('one person decides requests that the same person made; an agent never decides', false),
  APPROVE_REQUIRES_DIGEST: flag('a decision must name the digests of what was seen', true),
  APPROVAL_TTL: duration('how long a request waits for a decision', '60m'),
  CLAIM_TTL: duration('how long an approved request waits to be executed', '10m'),
  POLICY_FILE: text('YAML file with what may be asked for; see docs/policy.md'),
  STATE_DIR: { ...text('folder of the database, keys and checkpoints'), shown: '~/.local/state/gatehouse' },
  DATABASE_URL: secret('PostgreSQL to use instead of SQLite in STATE_DIR', 10),
  KUBECONFIG: text('kubeconfig file(s); without it in-cluster, then ~/.kube/config'),
  WRITE_KUBECONFIG: { ...text('kubeconfig whose identity plans and executes'), shown: 'KUBECONFIG' },
  K8S_CONTEXT: text("default context instead of the kubeconfig's current one"),
  LOG_LEVEL: oneOf('least level that is logged', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  SANITIZER_KEY: secret('key of the digests that stand for secrets; kept in STATE_DIR unless set'),
}

export type Config = Settings<typeof definitions> & {
  home: string | undefined
  inClusterHost: string | undefined
  inClusterPort: string | undefined
  hub: ReturnType<typeof hubGuard>
  stateDir: string
  publicUrl: string
}

type Environment = Record<string, string | undefined>

/** Throws SettingError for the first setting that cannot be used. */
export function readConfig(environment: Environment): { config: Config; warnings: string[] } {
  const settings = readSettings(definitions, environment)
  const { APPROVER_TOKEN, MCP_TOKEN, HOST = '127.0.0.1' } = settings
  if (APPROVER_TOKEN !== undefined && APPROVER_TOKEN === MCP_TOKEN) {
    throw new SettingError('APPROVER_TOKEN: expected another value than MCP_TOKEN: who asks cannot approve')
  }
  const local = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.')
  if (!local && !MCP_TOKEN) {
    throw new SettingError(
      'MCP_TOKEN: expected with a HOST beyond this machine: nobody is served there without a token',
    )
  }
  const home = environment.HOME ?? environment.USERPROFILE
  const config = {
    ...settings,
    home,
    inClusterHost: environment.KUBERNETES_SERVICE_HOST,
    inClusterPort: environment.KUBERNETES_SERVICE_PORT,
    hub: hubGuard(settings),
    stateDir: stateDir(settings.STATE_DIR, environment.XDG_STATE_HOME, home),
    publicUrl: settings.APPROVAL_PUBLIC_URL ?? `http://127.0.0.1:${settings.APPROVAL_PORT}`,
  }
  return { config, warnings: misspelt(definitions, environment) }
}

export function help(): string {
  return `09_remediation_mcp: changes that a person approves

Usage: node_modules/.bin/node dockers/09_remediation_mcp/src/main.ts [--stdio] [--help]

  --stdio   speak MCP on stdin and stdout (logs on stderr) and serve the approval pages in the same process;
            when an owner of the same state already runs, this one joins it as its client

Settings (environment; secrets also as NAME_FILE):
${settingsHelp(definitions)}
`
}

function stateDir(given: string | undefined, xdg: string | undefined, home: string | undefined): string {
  if (given) return path.resolve(given)
  if (xdg) return path.join(xdg, 'gatehouse')
  if (home) return path.join(home, '.local/state/gatehouse')
  throw new SettingError('STATE_DIR: expected, because there is no HOME to put it in')
}
