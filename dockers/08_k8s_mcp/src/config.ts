import {
  hubGuard,
  hubSettings,
  misspelt,
  names,
  oneOf,
  port,
  readSettings,
  type Settings,
  secret,
  settingsHelp,
  text,
  url,
} from '@gatehouse/host'

export const definitions = {
  MCP_PORT: port('port of MCP, REST and documentation', 8008),
  WEBCONTROL_PORT: { ...port('a second port that serves the same', 8008), shown: 'MCP_PORT' },
  HOST: text('address to listen on', '127.0.0.1'),
  MCP_TOKEN: secret(
    'bearer token for /mcp, /cluster, /tools and /metrics; without it only this machine is served',
  ),
  KUBECONFIG: text('kubeconfig file(s); without it in-cluster, then ~/.kube/config'),
  K8S_CONTEXT: text("default context instead of the kubeconfig's current one"),
  TOOLSETS: names('tools to offer: all, essential, readonly or name prefixes, separated by commas', ['all']),
  TOOL_NAMES: oneOf(
    'how tools/list writes names: dotted over HTTP and safe over stdio unless set',
    ['auto', 'dotted', 'safe'],
    'auto',
  ),
  ...hubSettings('08_k8s_mcp'),
  APPROVAL_URL: url('where changes are proposed: 09_remediation_mcp', 'http://127.0.0.1:3100'),
  APPROVAL_PUBLIC_URL: url('how a browser reaches the approval pages', 'http://127.0.0.1:3100'),
  K8S_API_VERSION: text(
    'version of Kubernetes that the API reference shows while no cluster is connected: one that "npm run api-reference" has prepared',
  ),
  LOG_LEVEL: oneOf('least level that is logged', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  SANITIZER_KEY: secret('key of the digests that stand for secrets; made anew at each start unless set'),
}

export type Config = Settings<typeof definitions> & {
  home: string | undefined
  inClusterHost: string | undefined
  inClusterPort: string | undefined
  hub: ReturnType<typeof hubGuard>
}

type Environment = Record<string, string | undefined>

/** Throws SettingError for the first setting that cannot be used. */
export function readConfig(environment: Environment): { config: Config; warnings: string[] } {
  const settings = readSettings(definitions, environment)
  const config = {
    ...settings,
    WEBCONTROL_PORT: environment.WEBCONTROL_PORT ? settings.WEBCONTROL_PORT : settings.MCP_PORT,
    home: environment.HOME ?? environment.USERPROFILE,
    inClusterHost: environment.KUBERNETES_SERVICE_HOST,
    inClusterPort: environment.KUBERNETES_SERVICE_PORT,
    hub: hubGuard(settings),
  }
  return { config, warnings: misspelt(definitions, environment) }
}

export function help(): string {
  return `08_k8s_mcp: Kubernetes for AI clients, read and explained without secrets

Usage: node_modules/.bin/node dockers/08_k8s_mcp/src/main.ts [--stdio] [--help]

  --stdio   speak MCP on stdin and stdout (logs on stderr); without it: HTTP

Settings (environment; secrets also as NAME_FILE):
${settingsHelp(definitions)}
`
}
