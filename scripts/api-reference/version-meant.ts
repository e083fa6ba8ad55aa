import {
  newestFirst,
  newestThatFits,
} from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-version.ts'
import type { GoProxy } from './go-proxy.ts'
import { cachedVersions } from './module.ts'
import { noSuchVersion } from './no-such-version.ts'
import type { Log } from './progress.ts'

interface Sources {
  proxy: GoProxy
  moduleCache: string | undefined
  log: Log
  signal?: AbortSignal | undefined
}

/** The exact version behind `1.36`, `v1.36.3` or `latest`, without `v`. Only an exact one needs no network. */
export async function versionMeant(asked: string, sources: Sources): Promise<string> {
  const [, exact] = /^v?(\d+\.\d+\.\d+)$/.exec(asked) ?? []
  if (exact) return exact
  if (asked !== 'latest' && !/^v?\d+\.\d+$/.test(asked)) {
    throw new Error(`"${asked}" is not a version: 1.36, v1.36.3 or latest`)
  }
  const known = await versionsKnown(sources)
  const found = asked === 'latest' ? newestFirst(known)[0] : newestThatFits(asked, known)
  if (!found) throw noSuchVersion(asked, known)
  return found
}

async function versionsKnown({ proxy, moduleCache, log, signal }: Sources): Promise<string[]> {
  try {
    return await proxy.versions()
  } catch (error) {
    signal?.throwIfAborted()
    const cached = await cachedVersions(moduleCache)
    if (cached.length === 0) throw error
    log(`${error instanceof Error ? error.message : error}; looking only in the Go module cache`)
    return cached
  }
}
