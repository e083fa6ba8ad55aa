import { readFile } from 'node:fs/promises'
import type { ClusterHandle } from './handle.ts'

/** Puts the demo workload, working and broken parts, into a cluster; its faults appear within seconds. */
export async function applyDemo(cluster: Pick<ClusterHandle, 'apply'>): Promise<void> {
  await cluster.apply(await readFile(new URL('../../fixtures/demo.yaml', import.meta.url), 'utf8'))
}
