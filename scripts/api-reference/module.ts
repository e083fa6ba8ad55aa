import { createWriteStream } from 'node:fs'
import { access, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { GoProxy } from './go-proxy.ts'
import { filesInFolder, filesInZip, type ModuleFiles } from './module-files.ts'
import { countBytes, type Log } from './progress.ts'

/** Versions of k8s.io/kubernetes in Go's module cache, unpacked or as a zip. */
export async function cachedVersions(moduleCache: string | undefined): Promise<string[]> {
  if (!moduleCache) return []
  const names = await Promise.all([
    readdir(join(moduleCache, 'k8s.io')).catch(() => []),
    readdir(zipFolder(moduleCache)).catch(() => []),
  ])
  const found = names
    .flat()
    .flatMap((name) => /^(?:kubernetes@)?v(\d+\.\d+\.\d+)(?:\.zip)?$/.exec(name)?.[1] ?? [])
  return [...new Set(found)]
}

/** A version in Go's module cache; undefined when it is not there. */
export async function cachedModule(
  moduleCache: string | undefined,
  version: string,
): Promise<ModuleFiles | undefined> {
  if (!moduleCache) return undefined
  const unpacked = join(moduleCache, 'k8s.io', `kubernetes@v${version}`)
  if (await isThere(unpacked)) return filesInFolder(unpacked)
  const zip = join(zipFolder(moduleCache), `v${version}.zip`)
  return (await isThere(zip)) ? filesInZip(zip, version) : undefined
}

const zipFolder = (moduleCache: string): string => join(moduleCache, 'cache/download/k8s.io/kubernetes/@v')

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Downloads a version to a temporary file that is gone afterwards. */
export async function withDownload<Result>(
  proxy: GoProxy,
  version: string,
  use: (module: ModuleFiles) => Promise<Result>,
  { log, signal }: { log: Log; signal?: AbortSignal | undefined },
): Promise<Result> {
  const answer = await proxy.zip(version)
  if (!answer.body) throw new Error(`The module proxy answered nothing for Kubernetes ${version}`)
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-api-reference-'))
  try {
    const zip = join(folder, 'module.zip')
    const size = Number(answer.headers.get('content-length'))
    const counted = countBytes(`downloading Kubernetes ${version}`, size, log)
    await pipeline(Readable.fromWeb(answer.body), counted, createWriteStream(zip), {
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw new Error(`The download of Kubernetes ${version} broke off`, { cause: error })
    })
    await using module = await filesInZip(zip, version)
    return await use(module)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
