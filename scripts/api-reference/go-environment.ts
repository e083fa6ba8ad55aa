import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'

export interface GoEnvironment {
  /** The folder of Go's module cache; undefined when nobody says where it is. */
  moduleCache: string | undefined
  /** As in the variable: addresses joined by `,` and `|`. */
  proxy: string
}

const PUBLIC_PROXY = 'https://proxy.golang.org'

/** What Go would use, with or without Go on this machine. */
export async function goEnvironment(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<GoEnvironment> {
  const go = await askGo(env, signal)
  return {
    moduleCache: env.GOMODCACHE || go.GOMODCACHE || undefined,
    proxy: env.GOPROXY || go.GOPROXY || PUBLIC_PROXY,
  }
}

async function askGo(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Record<string, string>> {
  try {
    const { stdout } = await promisify(execFile)('go', ['env', '-json', 'GOMODCACHE', 'GOPROXY'], {
      // In a folder without go.mod, and with what is installed: this must not fetch another toolchain.
      cwd: tmpdir(),
      env: { ...env, GOTOOLCHAIN: 'local' },
      ...(signal && { signal }),
    })
    return JSON.parse(stdout) as Record<string, string>
  } catch {
    signal?.throwIfAborted()
    return {}
  }
}
