import { canonicalJson, digestOf } from '@gatehouse/audit'
import { asGatehouseError, GatehouseError } from '@gatehouse/errors'
import { auditId } from '@gatehouse/kubernetes'
import { changedNothing, type ExecAnswer, sendExec } from '@gatehouse/kubernetes/mutation'
import type { Pod } from '@gatehouse/kubernetes/planning'
import type { OperationOutcome } from '../attempt.ts'
import { clusterIdOf } from '../cluster-id.ts'
import { runningContainer } from '../planner/containers.ts'
import { refusedAccess } from './access-review.ts'
import { type Ground, readNow, stopped } from './ground.ts'
import { refusal } from './send.ts'

const MOST_BYTES = 64 * 1024

type Command = NonNullable<Ground['planned']['exec']>

/** Runs an approved command in the container it was approved for; once, whatever happens. */
export async function executeExec(ground: Ground, exec: Command): Promise<OperationOutcome> {
  const { planned, attempts, context } = ground
  if (await attempts.load(context.index)) {
    return { state: 'indeterminate', reason: 'An earlier worker may have run it; commands are not repeated' }
  }
  const moved = await difference(ground, exec)
  if (moved) return moved
  const attempt = {
    index: context.index,
    number: 1,
    uid: planned.uid ?? null,
    resourceVersion: null,
    bodyDigest: digestOf('request/v1', canonicalJson([planned.request.path, exec])),
    auditId: auditId(planned.marker, 1),
    startedAt: Date.now(),
  }
  const reason = await refusal(ground, attempt)
  if (reason) return stopped('blocked', `${reason}; nothing was sent`)
  return run(ground, exec, attempt.auditId)
}

async function difference(ground: Ground, exec: Command): Promise<OperationOutcome | undefined> {
  const { planned, cluster, signal } = ground
  const { target } = planned
  if ((await clusterIdOf(cluster, signal)) !== target.clusterId) {
    return stopped(
      'stale',
      `Context "${target.context}" leads to another cluster than the one that was approved`,
    )
  }
  for (const verb of ['create', 'get']) {
    const refused = await refusedAccess(cluster, { target, verb, subresource: 'exec' }, signal)
    if (refused) return stopped('failed', refused)
  }
  const pod: Pod | undefined = await readNow(ground)
  if (!pod) return stopped('stale', `Pod ${target.name} is gone`)
  if (pod.metadata.uid !== planned.uid) return stopped('stale', `Pod ${target.name} is another one now (uid)`)
  if (pod.metadata.deletionTimestamp) return stopped('stale', `Pod ${target.name} is being deleted`)
  const running = runningContainer(pod, exec.container)
  if (!running) return stopped('stale', `Container ${exec.container} does not run any more`)
  if (running.id !== exec.containerId) {
    return stopped('stale', `Container ${exec.container} was restarted since (container id)`)
  }
  return undefined
}

async function run({ planned, cluster }: Ground, exec: Command, auditId: string): Promise<OperationOutcome> {
  const signal = AbortSignal.timeout(exec.timeoutSeconds * 1000)
  try {
    const { container, command } = exec
    const { path } = planned.request
    const headers = { 'audit-id': auditId }
    const answer = await sendExec(cluster, {
      path,
      container,
      command,
      headers,
      mostBytes: MOST_BYTES,
      signal,
    })
    return outcomeOf(answer, (bytes) => cluster.sanitizer.blind().text(bytes.toString()))
  } catch (thrown) {
    if (signal.aborted) {
      const reason = `No end within ${exec.timeoutSeconds} s; the command may still run`
      return { state: 'indeterminate', reason }
    }
    const error = asGatehouseError(thrown)
    if (!(thrown instanceof GatehouseError)) throw thrown
    if (changedNothing(error)) return stopped('failed', `The cluster refused it: ${error.message}`)
    return { state: 'indeterminate', reason: `Nobody knows whether it ran: ${error.message}` }
  }
}

function outcomeOf(answer: ExecAnswer, clean: (bytes: Buffer) => string): OperationOutcome {
  const { stdout, stderr, dropped, exitCode, failure } = answer
  const result = {
    stdout: clean(stdout),
    stderr: clean(stderr),
    ...(exitCode !== undefined && { exitCode }),
    ...(dropped > 0 && { dropped }),
  }
  if (failure !== undefined) return { state: 'failed', reason: `It ended with an error: ${failure}`, result }
  return exitCode === 0
    ? { state: 'succeeded', result }
    : { state: 'failed', reason: `The command ended with exit code ${exitCode}`, result }
}
