import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import { GatehouseError } from '@gatehouse/errors'
import type { Cluster as ClusterEntry, User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js'

/** What a connection needs: TLS material that fixes the pool, and headers that may change with each request. */
export interface Credentials {
  /** The same object until a certificate changes. */
  tls: Tls
  headers: Record<string, string>
  authorization: string
}

export interface Tls {
  ca?: Buffer
  cert?: Buffer | string
  key?: Buffer | string
  servername?: string
  rejectUnauthorized: boolean
}

interface Authenticator {
  isAuthProvider(user: User): boolean
  applyAuthentication(user: User, options: RequestOptions): Promise<void>
}

const PLUGIN_TIMEOUT_MS = 15_000
// Certificate files are rotated in place; reading them for every request would cost more than the request.
const FILES_FRESH_MS = 10_000

/**
 * Logs one user of a kubeconfig in: certificates, tokens, basic auth, exec plugins, OIDC and the legacy
 * providers of client-node. `renew()` forgets cached tokens, for the one retry after a 401.
 */
export class Login {
  readonly #cluster: ClusterEntry
  readonly #user: User
  #exec = new ExecAuth()
  #others: Authenticator[] = [new FileAuth()]
  #tls: Tls | undefined
  #tlsReadAt = 0
  #pluginCert: string | undefined

  constructor(cluster: ClusterEntry, user: User) {
    this.#cluster = cluster
    this.#user = user
  }

  renew(): void {
    this.#exec = new ExecAuth()
    this.#others = [new FileAuth()]
    this.#tlsReadAt = 0
  }

  /** Whether a 401 can be cured by asking again. */
  get renewable(): boolean {
    return this.#exec.isAuthProvider(this.#user) || this.#user.authProvider !== undefined
  }

  /** Throws CLUSTER_CREDENTIALS when a file or a plugin fails; the reason names the plugin, not its output. */
  async credentials(): Promise<Credentials> {
    const options: RequestOptions & { headers: Record<string, string> } = { headers: {} }
    const authenticator = await this.#authenticator()
    if (authenticator) await this.#apply(authenticator, options)
    const user = this.#user
    const headers = options.headers
    if (user.token) headers.Authorization = `Bearer ${user.token}`
    if (user.username) headers.Authorization = `Basic ${btoa(`${user.username}:${user.password ?? ''}`)}`
    if (user.impersonateUser) headers['Impersonate-User'] = user.impersonateUser
    // A plugin that returns nothing would make us somebody else: the anonymous user.
    if (authenticator && !headers.Authorization && !options.cert) throw this.#failed('gave no credentials')
    const tls = this.#tlsWith(options.cert as string | undefined, options.key as string | undefined)
    return { tls, headers, authorization: headers.Authorization ?? '' }
  }

  /** Everything about this user that must never be shown, as far as it is known now. */
  secrets(credentials: Credentials): string[] {
    const { password, token, keyData } = this.#user
    const bare = credentials.authorization.replace(/^(Bearer|Basic) /, '')
    return [bare, password, token, keyData, credentials.tls.key?.toString()].filter(
      (secret) => secret !== undefined,
    )
  }

  // The same object as long as nothing changed, because it decides whether a pool of connections can be kept.
  #tlsWith(pluginCert: string | undefined, pluginKey: string | undefined): Tls {
    const age = Date.now() - this.#tlsReadAt
    if (this.#tls && age < FILES_FRESH_MS && this.#pluginCert === pluginCert) return this.#tls
    const user = this.#user
    const ca = this.#file(this.#cluster.caFile, this.#cluster.caData)
    const cert = pluginCert ?? this.#file(user.certFile, user.certData)
    const key = pluginKey ?? this.#file(user.keyFile, user.keyData)
    const servername = this.#cluster.tlsServerName
    const made: Tls = {
      rejectUnauthorized: !this.#cluster.skipTLSVerify,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(servername && { servername }),
    }
    this.#tlsReadAt = Date.now()
    this.#pluginCert = pluginCert
    if (!this.#tls || !isDeepStrictEqual(this.#tls, made)) this.#tls = made
    return this.#tls
  }

  async #authenticator(): Promise<Authenticator | undefined> {
    if (this.#exec.isAuthProvider(this.#user)) return this.#exec
    const known = this.#others.find((one) => one.isAuthProvider(this.#user))
    if (known || !this.#user.authProvider) return known
    // These bring large modules; few kubeconfigs need them.
    const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js')
    const { GoogleCloudPlatformAuth } = await import('@kubernetes/client-node/dist/gcp_auth.js')
    const { AzureAuth } = await import('@kubernetes/client-node/dist/azure_auth.js')
    this.#others.push(new OpenIDConnectAuth(), new GoogleCloudPlatformAuth(), new AzureAuth())
    return this.#others.find((one) => one.isAuthProvider(this.#user))
  }

  async #apply(authenticator: Authenticator, options: RequestOptions): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(this.#failed('did not answer within 15 s')), PLUGIN_TIMEOUT_MS)
    try {
      await Promise.race([authenticator.applyAuthentication(this.#user, options), late])
    } catch (cause) {
      if (cause instanceof GatehouseError) throw cause
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
      throw this.#failed(missing ? 'is not installed here' : 'failed', cause)
    } finally {
      clearTimeout(timer)
    }
  }

  #failed(reason: string, cause?: unknown): GatehouseError {
    const plugin = this.#user.exec?.command ?? this.#user.authProvider?.name ?? 'credential file'
    const name = String(plugin).split('/').at(-1)
    return new GatehouseError('CLUSTER_CREDENTIALS', `The credential plugin "${name}" ${reason}`, {
      cause,
      hint: `Run "${name}" by hand on this machine to see what it needs, then call again`,
    })
  }

  #file(file: string | undefined, data: string | undefined): Buffer | undefined {
    if (data) return Buffer.from(data, 'base64')
    if (!file) return undefined
    try {
      return readFileSync(file)
    } catch (cause) {
      throw new GatehouseError('CLUSTER_CREDENTIALS', 'A certificate file of the kubeconfig cannot be read', {
        cause,
      })
    }
  }
}
