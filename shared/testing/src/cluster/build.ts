import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, constants, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BINARIES, type Binary, VERSIONS } from './binaries.ts'
import { withLock } from './lock.ts'

const MODULES = fileURLToPath(new URL('../../go/', import.meta.url))

/** What decides where binaries come from; a test passes its own. */
export type BuildOptions = { env?: NodeJS.ProcessEnv; log?: (line: string) => void }

/**
 * The folder with the seven programs of the test cluster: `GATEHOUSE_TEST_BIN`, or the user's cache, which is
 * filled with Go on first use. Never skips: a test that did not run must not look like one that passed.
 */
export async function ensureBinaries(options: BuildOptions = {}): Promise<string> {
  const { env = process.env, log = (line: string) => void process.stderr.write(`${line}\n`) } = options
  const given = env.GATEHOUSE_TEST_BIN
  if (given) {
    const missing = await missingIn(given)
    if (missing.length === 0) return given
    throw new Error(`GATEHOUSE_TEST_BIN (${given}) lacks ${missing.map((binary) => binary.name).join(', ')}`)
  }
  const folder = join(cacheFolder(env), await cacheKey())
  if ((await missingIn(folder)).length === 0) return folder
  if (!(await onPath('go', env))) throw new Error(whatToInstall())
  await mkdir(folder, { recursive: true })
  const waiting = (): void => log('test cluster: another process is building, waiting for it')
  await withLock(join(folder, 'building.lock'), waiting, () => buildMissing(folder, env, log))
  return folder
}

/** Builds into a folder those of the programs that are not in it. */
export async function buildMissing(
  folder: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  // Read again under the lock: the process waited for may have built them.
  const missing = await missingIn(folder)
  const total = BINARIES.length
  if (missing.length === total)
    log('test cluster: first use, building Kubernetes; eight minutes on two cores, once')
  for (const binary of missing) {
    const place = `${BINARIES.indexOf(binary) + 1} of ${total}`
    log(`test cluster: building ${binary.name} (${place}) …`)
    const started = Date.now()
    const ticker = setInterval(() => log(`test cluster: … ${binary.name} ${seconds(started)}`), 30_000)
    await build(binary, folder, env).finally(() => clearInterval(ticker))
    log(`test cluster: built ${binary.name} (${place}) in ${seconds(started)}`)
  }
}

async function build(binary: Binary, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const target = join(folder, `.${binary.name}.${process.pid}`)
  const flags = ['-s', '-w', ...binary.stamp.flatMap((stamp) => ['-X', stamp])].join(' ')
  const args = ['build', '-trimpath', '-ldflags', flags, '-o', target, binary.package]
  try {
    await run('go', args, join(MODULES, binary.module), { ...env, CGO_ENABLED: '0' })
    // Renamed only when whole, so that a Ctrl-C never leaves half a program under the real name.
    await rename(target, join(folder, binary.name))
  } finally {
    await rm(target, { force: true })
  }
}

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
    let tail = ''
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-4000)
    })
    const end = (): void => void child.kill('SIGTERM')
    process.once('exit', end)
    child.once('error', reject)
    child.once('close', (code) => {
      process.removeListener('exit', end)
      if (code === 0) resolve()
      else reject(new Error(`${command} ${args.at(-1)} failed (${code}):\n${tail}`))
    })
  })
}

async function missingIn(folder: string): Promise<Binary[]> {
  const found = await Promise.all(BINARIES.map((binary) => isExecutable(join(folder, binary.name))))
  return BINARIES.filter((_, index) => !found[index])
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = await Promise.all(folders.map((folder) => isExecutable(join(folder, name))))
  return found.includes(true)
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatehouse', 'test-cluster')
}

/** Changes with any version or flag: two checkouts with different pins share the cache without harm. */
async function cacheKey(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(BINARIES))
  for (const module of Object.keys(VERSIONS)) hash.update(await readFile(join(MODULES, module, 'go.sum')))
  return `${VERSIONS.kubernetes}-${process.platform}-${process.arch}-${hash.digest('hex').slice(0, 12)}`
}

function whatToInstall(): string {
  return [
    'The test cluster needs its programs built once, and Go is not installed.',
    '  Either install Go 1.26 or newer (https://go.dev/dl/) and run this again: about eight minutes, then cached,',
    `  or set GATEHOUSE_TEST_BIN to a folder that holds ${BINARIES.map((binary) => binary.name).join(', ')},`,
    '  or set TEST_KUBECONFIG to an existing cluster that tests may write to.',
  ].join('\n')
}

const seconds = (since: number): string => `${Math.round((Date.now() - since) / 1000)} s`
