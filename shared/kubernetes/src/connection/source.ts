import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { GatehouseError } from '@gatehouse/errors'
import { type Kubeconfig, readKubeconfig } from './kubeconfig.ts'

/** Where to look for a cluster. All of it comes from settings; nothing here reads the environment. */
export interface ConnectionSettings {
  /** KUBECONFIG: one or more paths, separated as PATH is. */
  kubeconfig?: string | undefined
  /** K8S_CONTEXT: the default context instead of the file's current one. */
  context?: string | undefined
  /** The user's home folder, for ~/.kube/config. */
  home?: string | undefined
  /** KUBERNETES_SERVICE_HOST and _PORT, set inside a pod. */
  inClusterHost?: string | undefined
  inClusterPort?: string | undefined
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const RECHECK_MS = 250

/**
 * Follows the kubeconfig: given file, in-cluster, ~/.kube/config. A file that appears, is replaced or removed
 * is noticed within 250 ms of the next call. Stat instead of a watch, because bind mounts and
 * network folders deliver no events.
 */
export class KubeconfigSource {
  readonly #settings: ConnectionSettings
  #checked = 0
  #signature = ''
  #result: { config: Kubeconfig } | { error: GatehouseError } = { error: new GatehouseError('NO_CLUSTER') }
  /** Counts up whenever the content was read again. */
  generation = 0

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  /** The kubeconfig as it is now. Throws NO_CLUSTER or KUBECONFIG_INVALID. */
  current(): Kubeconfig {
    const now = Date.now()
    if (now - this.#checked >= RECHECK_MS) {
      this.#checked = now
      this.#refresh()
    }
    if ('error' in this.#result) throw this.#result.error
    return this.#result.config
  }

  #refresh(): void {
    const files = this.#files()
    const signature = files.map((file) => `${file}:${stamp(file)}`).join('|')
    if (signature === this.#signature && this.generation > 0) return
    this.#signature = signature
    this.generation++
    try {
      this.#result = { config: this.#read(files) }
    } catch (error) {
      this.#result = { error: error as GatehouseError }
    }
  }

  #files(): string[] {
    const { kubeconfig, home } = this.#settings
    if (kubeconfig) return kubeconfig.split(path.delimiter).filter(Boolean)
    if (this.#settings.inClusterHost) return [`${SERVICE_ACCOUNT}/ca.crt`, `${SERVICE_ACCOUNT}/namespace`]
    return home ? [path.join(home, '.kube', 'config')] : []
  }

  #read(files: string[]): Kubeconfig {
    if (!this.#settings.kubeconfig && this.#settings.inClusterHost) return this.#inCluster()
    const present = files.filter((file) => stamp(file) !== 'absent')
    if (present.length > 0) return readKubeconfig(present)
    const missing = this.#settings.kubeconfig
      ? 'the file in KUBECONFIG does not exist'
      : 'there is no kubeconfig'
    throw new GatehouseError('NO_CLUSTER', `No cluster connected: ${missing}`)
  }

  #inCluster(): Kubeconfig {
    const { inClusterHost, inClusterPort } = this.#settings
    const host = inClusterHost?.includes(':') ? `[${inClusterHost}]` : inClusterHost
    const server = `https://${host}:${inClusterPort ?? '443'}`
    const namespace = readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim()
    const tokenFile = `${SERVICE_ACCOUNT}/token`
    return {
      clusters: [{ name: 'in-cluster', server, caFile: `${SERVICE_ACCOUNT}/ca.crt`, skipTLSVerify: false }],
      users: [{ name: 'in-cluster', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
      contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'in-cluster', namespace }],
      currentContext: 'in-cluster',
    }
  }
}

function stamp(file: string): string {
  try {
    const { mtimeMs, ino, size } = statSync(file)
    return `${mtimeMs}.${ino}.${size}`
  } catch (error) {
    // A folder that is closed to us is no missing file: reading it says which it is.
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : `closed (${code})`
  }
}
