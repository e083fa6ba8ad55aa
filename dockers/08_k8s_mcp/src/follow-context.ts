import { setTimeout as pause } from 'node:timers/promises'
import { asGatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import type { Logger } from '@gatehouse/telemetry'
import type { ApprovalsPort } from '@gatehouse/tools'

export interface Following {
  port: Pick<ApprovalsPort, 'defaultContext'>
  clusters: Clusters
  server: string
  log: Logger
}

const EVERY_MS = 5_000

/**
 * Uses the default context that people have approved for this server: asked for at the start and then every five
 * seconds. While nobody answers, the last one stays.
 */
export async function followContext(
  { port, clusters, server, log }: Following,
  signal: AbortSignal,
): Promise<void> {
  let used: string | undefined
  while (!signal.aborted) {
    try {
      const wanted = await port.defaultContext(server, signal)
      if (wanted !== used) {
        clusters.useContext(wanted)
        log.info('default context', { context: wanted ?? 'of the kubeconfig' })
        used = wanted
      }
    } catch (thrown) {
      log.debug('default context not known', { error_code: asGatehouseError(thrown).code })
    }
    await pause(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
