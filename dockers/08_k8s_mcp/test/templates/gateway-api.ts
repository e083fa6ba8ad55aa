import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ClusterHandle, eventually } from '@gatehouse/testing'

const MODULE = 'sigs.k8s.io/gateway-api@v1.4.0'
const PLURALS = ['gateways', 'httproutes']

/**
 * The project's own definitions, out of its Go module: with their rules, which a definition of ours would lack. Returns
 * what takes them away again. A cluster that has them keeps its own.
 */
export async function installGatewayApi(cluster: ClusterHandle): Promise<() => Promise<unknown>> {
  const names = PLURALS.map((plural) => `${plural}.gateway.networking.k8s.io`)
  const there = await cluster.kubectl(['get', 'crd', ...names, '--ignore-not-found', '--output', 'name'])
  if (there !== '') return async () => {}
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', MODULE])
  const folder = join(JSON.parse(stdout).Dir, 'config/crd/standard')
  for (const plural of PLURALS) {
    await cluster.apply(await readFile(join(folder, `gateway.networking.k8s.io_${plural}.yaml`), 'utf8'))
  }
  await eventually('the Gateway API is served', async () => {
    const served = await cluster.kubectl(['get', '--raw', '/apis/gateway.networking.k8s.io/v1'])
    return PLURALS.every((plural) => served.includes(`"name":"${plural}"`))
  })
  return () => cluster.kubectl(['delete', 'crd', ...names, '--ignore-not-found'])
}
