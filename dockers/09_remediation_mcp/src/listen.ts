import { type ApprovalApp, createApprovalApp } from '@gatehouse/approvals/http'
import { submissionOf } from '@gatehouse/approvals/remediation'
import { type Listener, listen } from '@gatehouse/host'
import { stalenessOf } from '@gatehouse/operations'
import type { Config } from './config.ts'
import type { Owner } from './owner.ts'
import type { RemediationServer } from './server.ts'

/** MCP over HTTP unless stdio has it, and the pages where this process owns the state. */
export async function listenOn(
  server: RemediationServer,
  config: Config,
  { mcp }: { mcp: boolean },
): Promise<Listener[]> {
  const host = config.HOST ?? '127.0.0.1'
  const listeners: Listener[] = []
  const open = async (
    what: string,
    port: number,
    handle: Parameters<typeof listen>[2],
  ): Promise<Listener> => {
    const listener = await listen(host, port, handle, server.log, server.sanitizer)
    server.log.info('listening', { what, host, port: listener.port })
    listeners.push(listener)
    return listener
  }
  try {
    if (mcp) await open('mcp', config.REMEDIATION_PORT, server.service.handle)
    if (server.owner) {
      const app = approvals(server, server.owner, config)
      const listener = await open('approvals', config.APPROVAL_PORT, app.handle)
      // Open event streams would hold the listener.
      listeners[listeners.indexOf(listener)] = {
        ...listener,
        stop: (graceMs) => app.close().then(() => listener.stop(graceMs)),
      }
    }
    return listeners
  } catch (error) {
    // Half a server would keep the process alive and look like a whole one.
    await Promise.all(listeners.map((one) => one.stop(0)))
    throw error
  }
}

function approvals(
  { sanitizer, log, metrics, clusters }: RemediationServer,
  { store, feed, service, checkpoints }: Owner,
  config: Config,
): ApprovalApp {
  return createApprovalApp({
    store,
    feed,
    sanitizer,
    log,
    metrics: () => metrics.render(),
    publicUrl: config.publicUrl,
    documentation: new URL(config.DOCUMENTATION_URL ?? ''),
    host: config.HOST ?? '127.0.0.1',
    hosts: config.APPROVAL_HOSTS,
    requireDigest: config.APPROVE_REQUIRES_DIGEST,
    submit: async (principal, { kind, body }, context) => {
      const submission = await submissionOf(kind, body, clusters, context.signal)
      return service.submit(principal, submission, context)
    },
    undo: service.undo,
    isStale: (request, signal) => stalenessOf(request.plan.operations, clusters, signal),
    checkpoints,
    health: async () => ({ state: 'healthy' }),
  })
}
