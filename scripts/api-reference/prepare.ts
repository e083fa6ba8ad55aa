import { PREPARED_FOLDER } from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-files.ts'
import { indexIn } from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-index.ts'
import { documentsOf } from './documents.ts'
import { goEnvironment } from './go-environment.ts'
import { goProxy } from './go-proxy.ts'
import { cachedModule, withDownload } from './module.ts'
import type { ModuleFiles } from './module-files.ts'
import type { Log } from './progress.ts'
import { versionMeant } from './version-meant.ts'
import { type Written, writeVersion } from './write.ts'

export interface Preparation {
  /** `1.36`, `v1.36.3` or `latest`. */
  asked: string
  log: Log
  /** Write it again even if it is there. */
  force?: boolean | undefined
  folder?: string
  env?: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
}

export interface Prepared {
  version: string
  /** Undefined when it was there already. */
  written?: Written
}

/** Takes the API reference of one version out of the Kubernetes module: of Go's cache, else of a module proxy. */
export async function prepare(preparation: Preparation): Promise<Prepared> {
  const { asked, log, force, folder = PREPARED_FOLDER, env = process.env, signal } = preparation
  const { moduleCache, proxy: setting } = await goEnvironment(env, signal)
  const proxy = goProxy(setting, signal)
  const version = await versionMeant(asked, { proxy, moduleCache, log, signal })
  if (!force && (await indexIn(folder, version))) return { version }
  const write = (module: ModuleFiles): Promise<Written> =>
    writeVersion(documentsOf(module), version, folder, signal)
  await using cached = await cachedModule(moduleCache, version)
  log(`Kubernetes ${version}: from the Go module ${cached ? 'cache' : 'proxy'}`)
  const written = cached ? await write(cached) : await withDownload(proxy, version, write, { log, signal })
  return { version, written }
}
