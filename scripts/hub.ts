import { parseArgs } from 'node:util'
import { RegistryError } from '../dockers/00_hub_mcp/src/registry/read.ts'
import { call, tools } from './hub/ask.ts'
import { check, pin, route } from './hub/check.ts'
import { logs } from './hub/logs.ts'
import { newToken } from './hub/token.ts'

const HELP = `npm run hub -- <command> [options]

  check              hub.yaml, ports, names and budgets: what is wrong and what a host would refuse
  route <name>       which server a name goes to, and what it is called there
  pin                writes the digests of all definitions to pins.file of hub.yaml
  token <name>       a new token for a caller, and its entry for hub.yaml
  tools              what a running hub lists
  call <name> [JSON] calls a tool through a running hub
  logs <id> [FILE…]  every log line of a correlation id: of files, of standard input
                     (docker compose logs | npm run hub -- logs ID), else of the files under STATE_DIR

  --file FILE        the registry; HUB_FILE, else the one beside the program
  --url URL          the running hub; http://127.0.0.1:8000/mcp
  --json             the result as JSON

MCP_TOKEN[_FILE] and HUB_KEY[_FILE] are what the hub shows to its servers, and MCP_TOKEN what is shown to the hub.
Exit code 1 when something is wrong, 2 when the command cannot be understood.
`

const USAGE_ERROR = 2
const options = {
  file: { type: 'string' },
  url: { type: 'string', default: 'http://127.0.0.1:8000/mcp' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [command, ...rest] = positionals
  const [first] = rest
  const needs = ['route', 'token', 'call', 'logs'].includes(command ?? '')
  if (values.help) process.stdout.write(HELP)
  else if (needs && first === undefined) usage(`${command}: what?`)
  else if (command === 'check') process.exitCode = await check(values)
  else if (command === 'route') process.exitCode = await route(first ?? '', values)
  else if (command === 'pin') process.exitCode = await pin(values)
  else if (command === 'token') process.exitCode = newToken(first ?? '')
  else if (command === 'tools') await tools(values)
  else if (command === 'call') process.exitCode = await call(first ?? '', rest[1] ?? '{}', values)
  else if (command === 'logs') process.exitCode = await logs(first ?? '', rest.slice(1))
  else usage(command === undefined ? '' : `There is no command ${command}`)
} catch (error) {
  const { code, name, message } = error as NodeJS.ErrnoException
  const known = error instanceof RegistryError || name === 'SettingError' || code !== undefined
  if (!known) throw error
  console.error(message)
  process.exitCode = code?.startsWith('ERR_PARSE_ARGS') ? USAGE_ERROR : 1
}

function usage(problem: string): void {
  process.stderr.write(`${problem}\n\n${HELP}`.trimStart())
  process.exitCode = USAGE_ERROR
}
