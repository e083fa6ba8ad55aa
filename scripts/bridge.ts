import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readSettings, SettingError, secret, url } from '@gatehouse/host'
import { pipe } from './bridge/pipe.ts'

const USAGE_ERROR = 2
const OWN_TOKEN = new URL('../secrets/mcp_token', import.meta.url).pathname

/** `npm run bridge`: stdio for clients that know nothing else, the hub for everything. */
const HELP = `npm run --silent bridge -- [--url URL]

Speaks MCP on standard input and output and passes every message on to the hub, which has to run already (npm start, or
docker compose up). For clients that only start programs: docs/clients.md shows the configuration of each.

  --url URL   the hub, or one of its scoped addresses such as …/mcp/readonly (default http://127.0.0.1:8000/mcp)
  --help      this text

Environment:
  HUB_URL                     the same as --url
  MCP_TOKEN, MCP_TOKEN_FILE   the hub's bearer token; on this machine secrets/mcp_token is found by itself
`

try {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) process.stdout.write(HELP)
  else {
    const hub = new URL(values.url ?? settings().HUB_URL ?? '')
    await pipe({ hub, token: tokenFor(hub), tell: (line) => void process.stderr.write(`${line}\n`) })
  }
} catch (error) {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name !== 'SettingError' && code !== 'ERR_INVALID_URL' && !code?.startsWith('ERR_PARSE_ARGS'))
    throw error
  process.stderr.write(`${code === 'ERR_INVALID_URL' ? '--url: expected an address' : message}\n`)
  process.exitCode = USAGE_ERROR
}

function settings(environment: Record<string, string | undefined> = process.env) {
  const definitions = { HUB_URL: url('the hub', 'http://127.0.0.1:8000/mcp'), MCP_TOKEN: secret('its token') }
  return readSettings(definitions, environment)
}

/** What the environment says; else the token that the containers of this folder were given, for this machine only. */
function tokenFor(hub: URL): string | undefined {
  const { MCP_TOKEN, MCP_TOKEN_FILE } = process.env
  const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hub.hostname)
  if (MCP_TOKEN || MCP_TOKEN_FILE || !here || !existsSync(OWN_TOKEN)) return settings().MCP_TOKEN
  try {
    return settings({ MCP_TOKEN_FILE: OWN_TOKEN }).MCP_TOKEN
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    // It may be another user's, and the hub may need none.
    return undefined
  }
}
