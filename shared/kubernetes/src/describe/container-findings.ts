import { countOf, seenAt } from './events.ts'
import { age, count, oneLine } from './phrase.ts'
import { probePortFinding } from './probes.ts'
import type { Container, ContainerStatus, KubeEvent, PodSpec, Termination } from './shapes.ts'

const IMAGE_REASONS =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/
const WAITS_NORMALLY = /^(ContainerCreating|PodInitializing)$/
// An old restart is history, not a finding.
const RECENT_MS = 3_600_000

/** What is wrong with one container, as sentences. `events` are those of its pod. */
export function containerFindings(
  container: Container,
  status: ContainerStatus | undefined,
  spec: PodSpec,
  events: readonly KubeEvent[],
  now: number,
): string[] {
  const own = events.filter((event) => event.involvedObject?.fieldPath?.includes(`{${container.name}}`))
  const who = `Container "${container.name}"`
  const waiting = status?.state?.waiting
  const reason = waiting?.reason ?? ''
  if (IMAGE_REASONS.test(reason)) {
    const said = [waiting?.message, ...own.map((event) => event.message)].filter(Boolean).join(' ')
    return [`${who} cannot start: image "${container.image}" ${whyNoImage(reason, said, spec)}`]
  }
  if (waiting && reason !== '' && reason !== 'CrashLoopBackOff' && !WAITS_NORMALLY.test(reason)) {
    return [`${who} cannot start (${reason}): ${oneLine(waiting.message) || 'no message'}`]
  }
  const ended = status?.state?.terminated ?? status?.lastState?.terminated
  const crash = status && ended && crashFinding(who, container, status, ended, spec, own, now)
  if (crash) return [crash]
  return status && !status.ready && status.state?.running ? [unreadyFinding(who, container, own, now)] : []
}

function whyNoImage(reason: string, said: string, spec: PodSpec): string {
  const secrets = (spec.imagePullSecrets ?? []).map((secret) => secret.name).join(', ')
  if (reason === 'ErrImageNeverPull') return 'is not on the node and imagePullPolicy is Never'
  if (reason === 'InvalidImageName') return 'is not a valid image reference'
  if (/40[13]|denied|unauthorized|authoriz/i.test(said)) {
    return `may not be pulled: the registry refuses access (imagePullSecrets: ${secrets || 'none'})`
  }
  if (/not found|manifest unknown|name unknown|404/i.test(said)) {
    return 'does not exist in the registry: check its name and tag'
  }
  if (/dial tcp|no such host|connection refused|timeout|unreachable/i.test(said)) {
    return `cannot be pulled: the node does not reach the registry (${oneLine(said, 160)})`
  }
  return `cannot be pulled (${reason}): ${oneLine(said) || 'no message yet'}`
}

// Kubernetes 1.36 often shows the terminated state during the back-off instead of CrashLoopBackOff, so the
// restart count and the end of the last run decide, not the waiting reason.
function crashFinding(
  who: string,
  container: Container,
  status: ContainerStatus,
  end: Termination,
  spec: PodSpec,
  events: readonly KubeEvent[],
  now: number,
): string | undefined {
  const restarts = status.restartCount ?? 0
  const runsAgain = status.state?.running !== undefined
  const finishedWell = end.exitCode === 0 && (spec.restartPolicy !== 'Always' || restarts === 0)
  if (finishedWell || (runsAgain && status.ready && now - Date.parse(end.finishedAt ?? '') > RECENT_MS))
    return undefined
  const times = `${count(restarts, 'restart')}${end.finishedAt ? `, last end ${age(end.finishedAt, now)} ago` : ''}`
  const message = end.message ? `; its last message: ${oneLine(end.message, 200)}` : ''
  const again = runsAgain ? `${status.ready ? ', now ready again' : ', now running but not ready'}` : ''
  if (end.reason === 'OOMKilled') {
    const limit = container.resources?.limits?.memory
    const bound = limit
      ? `its memory limit of ${limit}`
      : 'the memory of its node or pod (no limit of its own)'
    return `${who} was killed for using more than ${bound} (OOMKilled, exit ${end.exitCode ?? 137}, ${times})${again}: raise the limit or lower its use`
  }
  const liveness = probeEvents(events, 'Liveness').concat(probeEvents(events, 'Startup'))
  if (liveness.length > 0) {
    const kind = /^Startup/.test(liveness[0]?.message ?? '') ? 'startup' : 'liveness'
    return `${who} is restarted because its ${kind} probe fails (${times})${again}: ${probeText(container, kind, liveness)}`
  }
  if (end.exitCode === 0) {
    return `${who} ends by itself with exit 0 and is started again (${times}): its command does not keep running`
  }
  return `${who} crashes: ${end.reason ?? 'terminated'}, exit ${end.exitCode ?? '?'}${exitMeaning(end)} (${times})${again}${message}; see getPodLogs with previous: true`
}

function exitMeaning({ exitCode, reason }: Termination): string {
  if (reason === 'StartError' || exitCode === 127) return ' (command not found)'
  if (exitCode === 126) return ' (command not executable)'
  if (exitCode === 137) return ' (killed)'
  if (exitCode === 139) return ' (segmentation fault)'
  return exitCode === 143 ? ' (terminated on request)' : ''
}

function unreadyFinding(
  who: string,
  container: Container,
  events: readonly KubeEvent[],
  now: number,
): string {
  const failing = probeEvents(events, 'Readiness').concat(probeEvents(events, 'Startup'))
  const [newest] = failing
  if (!newest) {
    const hint = probePortFinding(container, 'readiness')
    return `${who} runs but is not ready${hint ? `: ${hint}` : ''}`
  }
  const times = failing.reduce((sum, event) => sum + countOf(event), 0)
  const last = age(new Date(seenAt(newest)).toISOString(), now)
  return `${who} runs but is not ready: ${probeText(container, 'readiness', failing)} (${count(times, 'time')}, last ${last} ago)`
}

function probeText(
  container: Container,
  kind: 'readiness' | 'liveness' | 'startup',
  events: KubeEvent[],
): string {
  const hint = probePortFinding(container, kind)
  return `${oneLine(events[0]?.message, 200)}${hint ? `; ${hint}` : ''}`
}

function probeEvents(events: readonly KubeEvent[], kind: string): KubeEvent[] {
  return events
    .filter((event) => event.reason === 'Unhealthy' && event.message?.startsWith(`${kind} probe`))
    .sort((a, b) => seenAt(b) - seenAt(a))
}
