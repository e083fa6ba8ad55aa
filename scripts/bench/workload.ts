import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cluster, fillCluster, startCluster } from '@gatehouse/testing'
import { startDeadServers } from './dead-servers.ts'
import { type Access, kubeconfigText, readAccess } from './kubeconfig.ts'
import { createPods } from './pods.ts'

export const SMALL = 'bench-three'
export const MEDIUM = 'load'
export const SINGLE = 'bench-single'
export const EVENTS = 'events'

/** The cluster under the benchmark. A cluster given by --kubeconfig is taken as it is: nothing is added to it. */
export interface Workload {
  access: Access
  /** Contexts: `bench`, and those that do not answer. */
  kubeconfig: string
  /** The same cluster and nothing else: others shall not stumble over contexts that do not answer. */
  plain: string
  /** Folder with kubectl, for peers that run it. */
  bin: string | undefined
  /** 4,900 pods in ten namespaces. */
  fillLarge(): Promise<void>
  /** Three pods, 500 pods and 1,500 events, each in a namespace of their own. */
  fillMedium(): Promise<void>
  /** 4,900 pods in one namespace. */
  fillSingle(): Promise<void>
}

type Say = (line: string) => void

/** Starts an empty cluster, or takes a filled one; whatever was started ends with `stack`. */
export async function openWorkload(
  stack: AsyncDisposableStack,
  folder: string,
  given: string | undefined,
  say: Say,
): Promise<Workload> {
  const cluster = given === undefined ? stack.use(await startCluster({ log: say })) : undefined
  const plain = given ?? cluster?.kubeconfig ?? ''
  const access = readAccess(plain)
  const dead = stack.use(await startDeadServers(access))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigText(access, dead.urls), { mode: 0o600 })
  const fill = async (what: string, how: (cluster: Cluster) => Promise<void>): Promise<void> => {
    if (!cluster) return
    const started = performance.now()
    say(`creating ${what}`)
    await how(cluster)
    say(`created in ${((performance.now() - started) / 1000).toFixed(0)} s`)
  }
  return {
    access,
    kubeconfig,
    plain,
    bin: cluster?.bin,
    fillLarge: () => fill('4,900 pods in ten namespaces', (one) => fillCluster(one, { pods: 4900 })),
    fillMedium: () =>
      fill('503 pods and 1,500 events', async (one) => {
        await createPods(one, SMALL, 3)
        await fillCluster(one, { pods: 500, events: 1500 })
      }),
    fillSingle: () => fill('4,900 pods in one namespace', (one) => createPods(one, SINGLE, 4900)),
  }
}
