import type { Clusters } from '@gatehouse/kubernetes'
import type { ClusterHandle } from '@gatehouse/testing'
import { type Effects, watchEffects } from '../faults/effects.ts'
import { type Fault, type FaultProxy, faultProxy } from '../faults/fault-proxy.ts'
import { clustersOf } from '../harness.ts'
import { type RawApi, rawApi } from '../raw-api.ts'

/** Where runs take place: one namespace, a network that misbehaves, and an eye on it that does not. */
export interface Site extends AsyncDisposable {
  namespace: string
  api: RawApi
  clusters: Clusters
  proxy: FaultProxy
  effects: Effects
  /** Faults of the changes of one object. */
  faults: Map<string, () => Fault>
}

export async function openSite(handle: ClusterHandle): Promise<Site> {
  const namespace = `torture-${Math.random().toString(36).slice(2, 8)}`
  await handle.kubectl(['create', 'namespace', namespace])
  const proxy = await faultProxy(handle.kubeconfig)
  const faults = new Map<string, () => Fault>()
  proxy.fault = ({ name }) => faults.get(name)?.() ?? { kind: 'pass' }
  const clusters = clustersOf(proxy.kubeconfig)
  const effects = await watchEffects(handle.kubeconfig, [
    `/api/v1/namespaces/${namespace}/configmaps`,
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
  ])
  return {
    namespace,
    api: await rawApi(handle.kubeconfig),
    clusters,
    proxy,
    effects,
    faults,
    [Symbol.asyncDispose]: async () => {
      await effects[Symbol.asyncDispose]()
      await clusters.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
