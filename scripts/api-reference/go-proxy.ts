import { type Ask, askProxy, NotThere } from './go-proxy-request.ts'
import { noSuchVersion } from './no-such-version.ts'

const MODULE = 'k8s.io/kubernetes'

/** A chain of Go module proxies, as GOPROXY names them. */
export interface GoProxy {
  /** Released versions, without `v`, in no order. */
  versions(): Promise<string[]>
  /** The module as a zip, from the first proxy that has it. */
  zip(version: string): Promise<Response>
}

/** `,` goes on to the next proxy when the module is not there, `|` after any failure. That is Go's own rule. */
export function goProxy(setting: string, signal?: AbortSignal): GoProxy {
  const chain = [...setting.matchAll(/([^,|]+)([,|]?)/g)].map(([, address = '', joint]) => ({
    address: address.trim(),
    onAnyFailure: joint === '|',
  }))
  const first = async (path: string, limit: Ask['limit']): Promise<Response | undefined> => {
    let failure: unknown
    for (const { address, onAnyFailure } of chain) {
      try {
        return await askProxy({ address, path: `${MODULE}/@v/${path}`, limit, signal })
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof NotThere)) {
          failure = error
          if (!onAnyFailure) break
        }
      }
    }
    if (failure) throw failure
    return undefined
  }
  const versions = async (): Promise<string[]> => {
    const text = (await (await first('list', 30_000))?.text()) ?? ''
    return text.split('\n').flatMap((line) => /^v(\d+\.\d+\.\d+)$/.exec(line.trim())?.[1] ?? [])
  }
  const zip = async (version: string): Promise<Response> => {
    // Some proxies refuse what they do not have, instead of saying that it is not there: the list tells.
    const failed = async (failure?: unknown): Promise<never> => {
      const known = await versions().catch((): string[] => [])
      signal?.throwIfAborted()
      if (failure && (known.length === 0 || known.includes(version))) throw failure
      throw noSuchVersion(version, known)
    }
    return (await first(`v${version}.zip`, 600_000).catch(failed)) ?? (await failed())
  }
  return { versions, zip }
}
