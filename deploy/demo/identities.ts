import { readFile } from 'node:fs/promises'
import type { Cluster } from '../../shared/testing/src/cluster/start.ts'
import type { Role } from './choice.ts'

const RBAC = new URL('../rbac/', import.meta.url)
/** Those of the demo workload: where the writer may change something. */
const NAMESPACES = ['shop', 'billing', 'imports']

/** Two identities with the roles of deploy/rbac, as a person would make them, each as a kubeconfig. */
export async function createIdentities(cluster: Cluster): Promise<Record<Role, string>> {
  const file = (name: string) => readFile(new URL(name, RBAC), 'utf8')
  await cluster.apply(`${await file('standard-read.yaml')}\n---\n${await file('binding-standard.yaml')}`)
  await cluster.apply(await file('standard-write.yaml'))
  const writing = await file('binding-write.yaml')
  for (const namespace of NAMESPACES) await cluster.apply(writing.replaceAll('NAMESPACE', namespace))
  const kubeconfig = async (account: string): Promise<string> => {
    const duration = ['--namespace', 'gatehouse', '--duration', '8760h']
    const token = (await cluster.kubectl(['create', 'token', account, ...duration])).trim()
    return readFile(await cluster.writeKubeconfig(account, [{ name: 'demo', user: { token } }]), 'utf8')
  }
  return { read: await kubeconfig('gatehouse-read'), write: await kubeconfig('gatehouse-write') }
}
