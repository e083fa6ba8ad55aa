import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { originOf, readHub, readState } from './start/state.ts'
import { startTable } from './start/table.ts'
import { adviceFor } from './up/advice.ts'
import { containerUser } from './up/container-user.ts'
import { compose, type Engine, findEngine } from './up/docker.ts'
import { readEnv, type Values, writeEnv } from './up/env-file.ts'
import { canRead, linkTarget, locateKubeconfig, type Place } from './up/kubeconfig.ts'
import { assertFree, portOf } from './up/port.ts'
import { Problem } from './up/problem.ts'
import { isRunning, waitUntilLive } from './up/wait.ts'

const APPROVER = 'secrets/approver_token'
const TOKEN = 'secrets/mcp_token'
/** Who listens on this machine, where unless told otherwise, and with which setting. */
const PUBLISHED = {
  'hub-mcp': { setting: 'HUB_PORT', usual: 8000 },
  'k8s-mcp': { setting: 'MCP_PORT', usual: 8008 },
  'remediation-mcp': { setting: 'APPROVAL_PORT', usual: 3100 },
} as const
type Service = keyof typeof PUBLISHED
/** Settings that are written to .env when the shell has them, so that a plain compose does the same. */
const KEPT = [
  'HUB_PORT',
  'MCP_PORT',
  'APPROVAL_PORT',
  'K8S_CONTEXT',
  'LOG_LEVEL',
  'TOOLSETS',
  'TOOL_NAMES',
  'SINGLE_USER',
  'APPROVAL_TTL',
  'CLAIM_TTL',
]
const SAME_IDENTITY =
  'Both servers use the same kubeconfig, so only Gatehouse itself keeps k8s-mcp from writing. Better: one that may only\n' +
  '  read for KUBECONFIG and one that may write for WRITE_KUBECONFIG; deploy/rbac/README.md shows how to make them.'

const HELP = `npm run up [-- down | --help]

Builds and starts the suite in containers as you, and waits until it answers: "docker compose up" with ports and kubeconfig
looked at before. What it finds stands in .env, so that afterwards plain "docker compose up" does the same. On a terminal
it shows the link with which the first person approves; the token in it is ${APPROVER}.

  npm run up -- down    stops and removes the containers; secrets, .env, state and the database stay

Settings, from the shell or .env:
  KUBECONFIG                  the kubeconfig; its folder is mounted read-only (default ~/.kube/config)
  WRITE_KUBECONFIG            the one whose identity plans and executes what was approved (default: the same)
  K8S_CONTEXT                 context to use instead of the current one
  HUB_PORT MCP_PORT APPROVAL_PORT   ports on this machine, on 127.0.0.1 only (default 8000, 8008, 3100)
  LOG_LEVEL TOOLSETS TOOL_NAMES SINGLE_USER APPROVAL_TTL CLAIM_TTL   as in "npm start -- --help"
  GATEHOUSE_UID GATEHOUSE_GID user inside the container (default: you)
`

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const ENV_FILE = path.join(root, '.env')

try {
  const [command, ...more] = process.argv.slice(2)
  if (command === '--help' || command === '-h') process.stdout.write(HELP)
  else if (command === 'down' && more.length === 0) await down()
  else if (command === undefined) await up()
  else throw new Problem(`There is no "${[command, ...more].join(' ')}".\n\n${HELP}`)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

async function up(): Promise<void> {
  const engine = await findEngine()
  const settings: Record<string, string | undefined> = { ...readEnv(ENV_FILE), ...process.env }
  const origins = {} as Record<Service, string>
  // Before anything is written: a port that cannot be had must not stay in .env.
  for (const [service, { setting, usual }] of Object.entries(PUBLISHED) as [
    Service,
    { setting: string; usual: number },
  ][]) {
    const port = portOf(settings[setting], setting, usual)
    if (!(await isRunning(service, root))) await assertFree(port, setting)
    origins[service] = originOf('127.0.0.1', port)
  }
  const { place, writing, user } = prepare(engine)
  say('containers  building and starting; the first time takes about a minute')
  const { code } = await compose(['up', '--build', '--detach'], { cwd: root, shown: true })
  if (code !== 0)
    throw new Problem('docker compose failed; the reason is above, or in: docker compose logs init')
  for (const service of Object.keys(PUBLISHED) as Service[])
    await waitUntilLive(origins[service], service, root)
  const state = await readState(origins['k8s-mcp'])
  // Inside, the file has another path than the one a person can do something about.
  if (state.cluster && !place.stat) {
    Object.assign(state.cluster, {
      reason: `There is no ${place.file}`,
      hint: 'Put a kubeconfig there; it is picked up without a restart',
    })
  }
  const suite = {
    hub: { origin: origins['hub-mcp'], state: await readHub(origins['hub-mcp']) },
    pages: { origin: origins['k8s-mcp'], state },
    approve: approveAt(origins['remediation-mcp']),
  }
  const notes = { connect: connect(origins['hub-mcp']), stop: 'npm run up -- down' }
  process.stdout.write(startTable(suite, `bearer token in ${TOKEN}`, notes))
  if (place.stat && writing.file === place.file) process.stdout.write(`! ${SAME_IDENTITY}\n\n`)
  for (const line of advice(place, user, settings.K8S_CONTEXT)) process.stdout.write(`! ${line}\n\n`)
}

/** .env: what Compose is to know, now and whenever somebody calls it without us. */
function prepare({ rootless }: Engine) {
  const saved = readEnv(ENV_FILE)
  const place = locateKubeconfig(process.env, saved, homedir())
  const { WRITE_KUBECONFIG } = process.env
  const writing = WRITE_KUBECONFIG ? locateKubeconfig({ KUBECONFIG: WRITE_KUBECONFIG }, {}, homedir()) : place
  const user = containerUser({
    environment: process.env,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    rootless,
    owner: place.stat && { uid: place.stat.uid, gid: place.stat.gid },
  })
  const values: Values = {
    GATEHOUSE_UID: String(user.uid),
    GATEHOUSE_GID: String(user.gid),
    KUBECONFIG_DIR: place.folder,
    KUBECONFIG_NAME: place.name,
    WRITE_KUBECONFIG_DIR: writing.folder,
    WRITE_KUBECONFIG_NAME: writing.name,
  }
  for (const name of KEPT) if (process.env[name]) values[name] = process.env[name]
  writeEnv(ENV_FILE, values)
  // Compose takes the shell before .env; both must say the same.
  Object.assign(process.env, values)
  say(`kubeconfig  ${place.file}${place.stat ? '' : ' (not there yet: documentation mode until it appears)'}`)
  return { place, writing, user }
}

async function down(): Promise<void> {
  await findEngine()
  const { code } = await compose(['--profile', 'demo', 'down'], { cwd: root, shown: true })
  if (code !== 0) process.exitCode = 1
}

// The link holds a token: a terminal shows it, a log or a pipe does not.
function approveAt(pages: string): string {
  if (!process.stdout.isTTY) return `${pages}/login with the token in ${APPROVER}`
  return `${pages}/login#token=${readFileSync(path.join(root, APPROVER), 'utf8').trim()}`
}

function connect(origin: string): string {
  const bearer = `"Authorization: Bearer $(cat ${TOKEN})"`
  return `claude mcp add --transport http gatehouse ${origin}/mcp --header ${bearer}`
}

function advice(place: Place, user: { uid: number; gid: number }, context: string | undefined): string[] {
  if (!place.stat) return []
  const target = linkTarget(place)
  if (target) return [`${place.file} is a link out of its folder. Use: KUBECONFIG=${target} npm run up`]
  const unreadable = `User ${user.uid}, whom the container runs as, cannot read ${place.file}.
  Run "npm run up" as the user who owns it, or give that user a copy:
  install -D -m 0600 -o ${user.uid} -g ${user.gid} ${place.file} /srv/gatehouse/config && KUBECONFIG=/srv/gatehouse/config npm run up`
  return [...(canRead(place, user) ? [] : [unreadable]), ...adviceFor(place.file, context, process.platform)]
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
