import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A PostgreSQL of one test file, on a unix socket only its user and root can reach. */
export interface TestPostgres extends AsyncDisposable {
  /** An empty database of its own; returns its `postgres://` address. */
  freshDatabase(): Promise<string>
  /** The same content under a new address, as a restored backup would be; nobody may be connected meanwhile. */
  copyDatabase(url: string): Promise<string>
  /** Ends the server at once, as a crash would; `start` brings it back. */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const APT = '/usr/bin/apt-get'

const INSTALL = `PostgreSQL is needed for these tests. On Debian and Ubuntu: apt-get install postgresql
Elsewhere: put initdb, postgres and psql of PostgreSQL 15 or newer into PATH, or name their folder in POSTGRES_BIN.`

/** Starts a throwaway PostgreSQL; it ends with this process, however that ends. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = findBinaries() ?? installBinaries()
  const owner = unprivileged()
  const dir = mkdtempSync('/tmp/gatehouse-pg-')
  chownSync(dir, owner.uid, owner.gid)
  const data = join(dir, 'data')
  const as = process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {}
  const options = { ...as, cwd: dir, env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: dir } }
  const initdb = ['-D', data, '-U', 'gatehouse', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']
  await run(join(bin, 'initdb'), initdb, options)
  const watchdog = startWatchdog(dir)
  const server = serverIn({ bin, dir, data, options }, (line) => watchdog.stdin.write(`${line}\n`))
  const address = (name: string) => `postgres://gatehouse@localhost/${name}?host=${encodeURIComponent(dir)}`
  const psql = (sql: string) =>
    run(join(bin, 'psql'), ['-h', dir, '-U', 'gatehouse', '-d', 'postgres', '-qc', sql], options)
  const create = async (suffix: string) => {
    const name = `t_${randomUUID().replaceAll('-', '')}`
    await psql(`CREATE DATABASE ${name} ${suffix}`)
    return address(name)
  }
  const stop = async () => {
    await server.crash()
    const ended = once(watchdog, 'exit')
    watchdog.stdin.end()
    await ended
  }
  await server.start()
  return {
    freshDatabase: () => create('TEMPLATE template0'),
    copyDatabase: (url) => create(`TEMPLATE ${new URL(url).pathname.slice(1)}`),
    crash: server.crash,
    start: server.start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function findBinaries(): string | undefined {
  const given = process.env.POSTGRES_BIN
  const folders = [
    ...(given ? [given] : []),
    ...globSync('/usr/lib/postgresql/*/bin').sort(
      (a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]),
    ),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return folders.find((folder) =>
    ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(folder, program))),
  )
}

function installBinaries(): string {
  const debian = existsSync(APT) && process.getuid?.() === 0
  if (!debian) throw new Error(INSTALL)
  console.log('Installing PostgreSQL from Debian for the tests of the store')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'postgresql']])
    if (spawnSync(APT, args, { stdio: 'inherit', env }).status !== 0) throw new Error(INSTALL)
  const bin = findBinaries()
  if (!bin) throw new Error(INSTALL)
  return bin
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } {
  if (process.getuid?.() !== 0) return userInfo()
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function startWatchdog(dir: string) {
  const script = fileURLToPath(new URL('./cluster/watchdog.ts', import.meta.url))
  const { NODE_OPTIONS: _, ...env } = process.env
  const watchdog = spawn(process.execPath, [script, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  })
  watchdog.stdin.on('error', () => {})
  watchdog.unref()
  return watchdog
}

interface Place {
  bin: string
  dir: string
  data: string
  options: { cwd: string; env: Record<string, string | undefined> }
}

function serverIn({ bin, dir, data, options }: Place, tell: (line: string) => void) {
  mkdirSync(join(dir, 'log'), { recursive: true })
  const log = join(dir, 'log', 'postgres.log')
  let child: ReturnType<typeof spawn> | undefined
  const settings = ['listen_addresses=', `unix_socket_directories=${dir}`, 'max_connections=60', 'fsync=off']
  const start = async () => {
    const output = openSync(log, 'a')
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
    const started = spawn(join(bin, 'postgres'), args, {
      ...options,
      detached: true,
      stdio: ['ignore', output, output],
    })
    child = started
    tell(`+${started.pid}`)
    for (let tries = 0; tries < 300; tries++) {
      if (started.exitCode !== null) break
      const ready = await run(join(bin, 'pg_isready'), ['-h', dir]).catch(() => undefined)
      if (ready) return
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    throw new Error(`PostgreSQL did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
  }
  const crash = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    // Immediate shutdown: connections are cut, nothing is tidied up, the next start recovers from the log.
    child.kill('SIGQUIT')
    await ended
    tell(`-${child.pid}`)
  }
  return { start, crash }
}
