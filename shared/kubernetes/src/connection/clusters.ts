import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { type Profile, profiles } from '@gatehouse/policy'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Metrics } from '@gatehouse/telemetry'
import type { Cluster as ClusterEntry, User } from '@kubernetes/client-node/dist/config_types.js'
import { Cluster } from '../client/cluster.ts'
import { Transport } from '../client/transport.ts'
import { Login } from './credentials.ts'
import type { Kubeconfig } from './kubeconfig.ts'
import { type ConnectionSettings, KubeconfigSource } from './source.ts'

export interface ClustersOptions extends ConnectionSettings {
  sanitizer: Sanitizer
  metrics: Metrics
  profile?: Profile
}

export interface ContextEntry {
  name: string
  cluster: string
  namespace: string
  identity: string
  current: boolean
}

/** All clusters a kubeconfig names: one pool per (cluster, identity), made at first use, dropped when the file changes. */
export class Clusters {
  readonly #options: ClustersOptions
  readonly #source: KubeconfigSource
  readonly #open = new Map<string, Cluster>()
  readonly #transports = new Map<string, Transport>()
  #generation = 0
  #switched: string | undefined

  constructor(options: ClustersOptions) {
    this.#options = options
    this.#source = new KubeconfigSource(options)
  }

  /** The cluster of a context, or of the default one. Throws UNKNOWN_CONTEXT with the nearest names. */
  cluster(context?: string): Cluster {
    const config = this.#config()
    const name = context ?? this.#defaultContext(config)
    const open = this.#open.get(name)
    if (open) return open
    const made = this.#connect(config, name)
    this.#open.set(name, made)
    return made
  }

  /** From now on calls without a context go to this one, whatever kubeconfig and settings say; undefined undoes it. */
  useContext(name: string | undefined): void {
    this.#switched = name
  }

  contexts(): ContextEntry[] {
    const config = this.#config()
    const current = this.#switched ?? this.#options.context ?? config.currentContext
    return config.contexts.map((context) => ({
      name: context.name,
      cluster: context.cluster,
      namespace: context.namespace ?? 'default',
      identity: context.user,
      current: context.name === current,
    }))
  }

  /** Contexts that somebody has used since the kubeconfig was read. */
  inUse(): ReadonlySet<string> {
    return new Set(this.#open.keys())
  }

  async close(): Promise<void> {
    const open = [...this.#transports.values()]
    this.#open.clear()
    this.#transports.clear()
    await Promise.allSettled(open.map((transport) => transport.close()))
  }

  #config(): Kubeconfig {
    const config = this.#source.current()
    if (this.#source.generation !== this.#generation) {
      this.#generation = this.#source.generation
      for (const { token, password, keyData } of config.users) {
        for (const secret of [token, password, keyData]) if (secret) this.#options.sanitizer.addKnown(secret)
      }
      // Calls in flight keep their cluster; its pool closes when they are done.
      void this.close()
    }
    return config
  }

  #defaultContext(config: Kubeconfig): string {
    const name = this.#switched ?? this.#options.context ?? config.currentContext
    if (name) return name
    throw new GatehouseError('UNKNOWN_CONTEXT', 'The kubeconfig has no current context', {
      hint: `Pass context, or set K8S_CONTEXT; there are: ${config.contexts.map((one) => one.name).join(', ')}`,
    })
  }

  #connect(config: Kubeconfig, name: string): Cluster {
    const context = config.contexts.find((one) => one.name === name)
    if (!context) {
      const near = nearest(
        name,
        config.contexts.map((one) => one.name),
      )
      throw new GatehouseError('UNKNOWN_CONTEXT', `There is no context "${name}"${didYouMean(near)}`, {
        data: { nearest: near },
      })
    }
    const cluster = config.clusters.find((one) => one.name === context.cluster)
    const user = config.users.find((one) => one.name === context.user) ?? { name: context.user }
    if (!cluster || !URL.canParse(cluster.server)) {
      const what = cluster ? 'has no valid server address' : 'is not in the kubeconfig'
      throw new GatehouseError(
        'KUBECONFIG_INVALID',
        `The cluster "${context.cluster}" of context "${name}" ${what}`,
      )
    }
    const { sanitizer, metrics } = this.#options
    const transport = this.#transport(name, cluster, user)
    return new Cluster({
      context: name,
      server: cluster.server,
      identity: user.name,
      namespace: context.namespace ?? 'default',
      transport,
      sanitizer,
      metrics,
    })
  }

  // Contexts that differ only in their namespace share one pool.
  #transport(context: string, cluster: ClusterEntry, user: User): Transport {
    const key = JSON.stringify([cluster.name, user.name])
    const open = this.#transports.get(key)
    if (open) return open
    const { sanitizer, metrics } = this.#options
    const made = new Transport({
      context,
      server: cluster.server,
      proxyUrl: cluster.proxyUrl,
      login: new Login(cluster, user),
      profile: this.#options.profile ?? profiles.standard,
      metrics,
      onSecrets: (secrets) => {
        for (const secret of secrets) sanitizer.addKnown(secret)
      },
    })
    this.#transports.set(key, made)
    return made
  }
}
