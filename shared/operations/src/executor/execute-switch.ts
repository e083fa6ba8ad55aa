import type { OperationOutcome } from '../attempt.ts'
import { clusterIdOf } from '../cluster-id.ts'
import { type Ground, stopped } from './ground.ts'
import { refusal } from './send.ts'

type Switch = NonNullable<Ground['planned']['switch']>

/** Lets a server use another context by default, if it still uses the one that was approved to be left. */
export async function executeSwitch(ground: Ground, change: Switch): Promise<OperationOutcome> {
  const { planned, cluster, context, attempts, signal } = ground
  if (!context.switchContext) return stopped('failed', 'There is no store of default contexts here')
  if ((await clusterIdOf(cluster, signal)) !== planned.target.clusterId) {
    const text = `Context "${change.to}" leads to another cluster than the one that was approved`
    return stopped('stale', text)
  }
  const earlier = await attempts.load(context.index)
  const attempt = {
    index: context.index,
    number: 1,
    uid: null,
    resourceVersion: null,
    bodyDigest: planned.intent,
    auditId: planned.marker,
    startedAt: Date.now(),
  }
  const reason = await refusal(ground, earlier ?? attempt)
  if (reason) return stopped('blocked', `${reason}; nothing was changed`)
  if (!(await context.switchContext(change))) {
    return stopped('stale', `${change.server} was given another context meanwhile`)
  }
  return { state: 'succeeded', result: { server: change.server, context: change.to } }
}
