import { setGlobalProxyFromEnv } from 'node:http'
import { parseArgs } from 'node:util'
import { PREPARED_FOLDER } from '../dockers/08_k8s_mcp/src/reference/sources/prepared-files.ts'
import { wholeVersions } from '../dockers/08_k8s_mcp/src/reference/sources/prepared-index.ts'
import { newestFirst } from '../dockers/08_k8s_mcp/src/reference/sources/prepared-version.ts'
import { VERSIONS } from '../shared/testing/src/cluster/binaries.ts'
import { goEnvironment } from './api-reference/go-environment.ts'
import { goProxy } from './api-reference/go-proxy.ts'
import { cachedVersions } from './api-reference/module.ts'
import { prepare } from './api-reference/prepare.ts'
import { megabytes } from './api-reference/progress.ts'

const HELP = `npm run api-reference [-- VERSION…] [--force] [--list]

Prepares the API reference that 08_k8s_mcp shows when no cluster is connected: takes the OpenAPI documents of a
Kubernetes version out of its Go module. Without a version: that of the test cluster, ${VERSIONS.kubernetes}.

  VERSION   1.36 (its newest), v1.36.3 or latest
  --force   prepare it again even if it is there
  --list    what is prepared, and what could be
  --help    this text

The module comes from Go's module cache if it is there, else from GOPROXY (20 MB, not kept).
`

const log = (line: string): void => void process.stderr.write(`${line}\n`)

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort())
const { signal } = interrupted

try {
  // As Go does: HTTPS_PROXY and NO_PROXY count.
  setGlobalProxyFromEnv()
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean' }, list: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) process.stdout.write(HELP)
  else if (values.list) await list()
  else {
    const wanted = positionals.length > 0 ? positionals : [VERSIONS.kubernetes]
    for (const asked of wanted) await prepareOne(asked, values.force)
  }
} catch (error) {
  if (signal.aborted) log('stopped; nothing half-written is left')
  else log(error instanceof Error ? error.message : String(error))
  process.exitCode = signal.aborted ? 130 : 1
}

async function prepareOne(asked: string, force: boolean | undefined): Promise<void> {
  const { version, written } = await prepare({ asked, force, log, signal })
  process.stdout.write(
    written
      ? `${version} is prepared: ${written.documents} group versions, ${megabytes(written.bytes)}\n`
      : `${version} is prepared already; --force does it again\n`,
  )
}

async function list(): Promise<void> {
  const { moduleCache, proxy } = await goEnvironment(process.env, signal)
  const [prepared, cached] = await Promise.all([wholeVersions(PREPARED_FOLDER), cachedVersions(moduleCache)])
  const offered = await goProxy(proxy, signal)
    .versions()
    .catch((error: Error) => {
      signal.throwIfAborted()
      log(error.message)
      return []
    })
  const lines = [
    `prepared         ${prepared.join(', ') || 'none'}`,
    `in Go's cache    ${newestFirst(cached).join(', ') || 'none'}`,
    `at the proxy     ${newestOfEachMinor(offered).slice(0, 10).join(', ') || 'none'}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function newestOfEachMinor(versions: string[]): string[] {
  const minor = (version: string): string => version.split('.').slice(0, 2).join('.')
  return [...Map.groupBy(newestFirst(versions), minor).values()].flatMap(([newest]) => newest ?? [])
}
