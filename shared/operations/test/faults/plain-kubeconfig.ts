import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A kubeconfig for a server that asks for no credentials. */
export async function kubeconfigFor(server: string): Promise<string> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'proxied',
    clusters: [{ name: 'proxied', cluster: { server } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'proxied', context: { cluster: 'proxied', user: 'nobody' } }],
  }
  const file = join(await mkdtemp(join(tmpdir(), 'gatehouse-proxy-')), 'kubeconfig')
  await writeFile(file, JSON.stringify(config), { mode: 0o600 })
  return file
}
