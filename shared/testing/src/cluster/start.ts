import { join } from 'node:path'
import { connectApi } from './api.ts'
import { boot, type Site, startApiServer } from './boot.ts'
import { ensureBinaries } from './build.ts'
import { prepareFolder } from './files.ts'
import { forward } from './forward.ts'
import { attach, type ClusterHandle } from './handle.ts'
import { freePorts } from './ports.ts'
import { type Program, supervise } from './processes.ts'

/** `controllers: false` leaves out controller manager and scheduler: faster, and nothing happens by itself. */
export type ClusterOptions = {
  /** One more address of this machine on which the API server answers, for clients in containers. */
  listen?: string
  /** The host name by which those clients know that address; it then stands in the kubeconfig and in the certificate. */
  name?: string
  /** A port that others know; without it any free one. */
  port?: number
  nodes?: number
  controllers?: boolean
  log?: (line: string) => void
}

/** A cluster this process started and must stop; when the process dies in any way, the cluster goes with it. */
export type Cluster = ClusterHandle &
  AsyncDisposable & {
    stopApiServer: () => Promise<void>
    /** On the same port and with the same data, so that clients see a restart. */
    startApiServer: () => Promise<void>
    stop: () => Promise<void>
  }

/** Starts a control plane of its own on loopback, with kwok as its nodes, and waits until it is usable. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { listen, name = listen, nodes = 3, controllers = true, log } = options
  const bin = await ensureBinaries(log ? { log } : {})
  const started = Date.now()
  const [etcd = 0, peer = 0, free = 0, node = 0] = await freePorts(4)
  const port = options.port ?? free
  const local = `https://127.0.0.1:${port}`
  const url = name ? `https://${name.includes(':') ? `[${name}]` : name}:${port}` : local
  const names = ['127.0.0.1', 'localhost', '10.96.0.1', 'kubernetes.default.svc', listen, name]
  const hosts = [...new Set(names)].filter((one) => one !== undefined)
  const closeForward = listen ? await forward(listen, port) : () => {}
  const dir = await prepareFolder(url, hosts)
  const programs = supervise(bin, dir)
  const api = await connectApi(dir, local)
  const stop = async (): Promise<void> => {
    closeForward()
    api.close()
    await programs.end()
  }
  try {
    const site = { dir, ports: { etcd, peer, api: port, node }, programs, api, nodes, controllers }
    const server = await boot(site)
    log?.(`cluster ready after ${((Date.now() - started) / 1000).toFixed(1)} s at ${url}`)
    const handle = await attach({ dir, url, bin, kubeconfig: join(dir, 'kubeconfig') })
    return { ...handle, ...apiServerSwitch(site, server), stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function apiServerSwitch(site: Site, first: Program): Pick<Cluster, 'stopApiServer' | 'startApiServer'> {
  let server = first
  return {
    stopApiServer: async () => {
      if (server.running()) await server.stop()
    },
    startApiServer: async () => {
      if (!server.running()) server = await startApiServer(site)
    },
  }
}
