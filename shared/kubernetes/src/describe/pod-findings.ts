import { containerFindings } from './container-findings.ts'
import { isAbout } from './events.ts'
import { age, count, labelText, names, oneLine, shapeOf } from './phrase.ts'
import type { ContainerStatus, KubeEvent, Pod, PodSpec } from './shapes.ts'

// Said better by container states and conditions.
const SAID_OTHERWISE = new Set([
  'BackOff',
  'Failed',
  'Unhealthy',
  'FailedScheduling',
  'InspectFailed',
  'Killing',
])

/** What is wrong with a pod, as sentences. `events` may be those of the whole namespace. */
export function podFindings(pod: Pod, events: readonly KubeEvent[], now: number): string[] {
  const own = events.filter((event) => isAbout(event, 'Pod', pod.metadata.name))
  const spec = pod.spec ?? {}
  const { phase, reason, message, conditions, containerStatuses, initContainerStatuses } = pod.status ?? {}
  const findings: string[] = []
  // Until then it is only shutting down.
  if (Date.parse(pod.metadata.deletionTimestamp ?? '') < now) {
    const { finalizers } = pod.metadata
    const held =
      Array.isArray(finalizers) && finalizers.length > 0
        ? `, held by finalizers ${finalizers.join(', ')}`
        : ''
    findings.push(
      `Should have been gone ${age(pod.metadata.deletionTimestamp, now)} ago but is still being deleted${held}`,
    )
  }
  if (phase === 'Failed')
    findings.push(`Failed${reason ? ` (${reason})` : ''}${message ? `: ${oneLine(message)}` : ''}`)
  const scheduled = conditions?.find((condition) => condition.type === 'PodScheduled')
  if (scheduled?.status === 'False') {
    findings.push(
      `Is not scheduled to a node (${scheduled.reason}): ${oneLine(scheduled.message)}${asksFor(spec)}`,
    )
  }
  const status = (all: ContainerStatus[] | undefined, name: string) => all?.find((one) => one.name === name)
  for (const container of spec.initContainers ?? []) {
    const found = containerFindings(container, status(initContainerStatuses, container.name), spec, own, now)
    findings.push(...found.map((finding) => finding.replace(/^Container/, 'Init container')))
  }
  for (const container of spec.containers ?? []) {
    findings.push(...containerFindings(container, status(containerStatuses, container.name), spec, own, now))
  }
  for (const { conditionType } of spec.readinessGates ?? []) {
    if (conditions?.some((one) => one.type === conditionType && one.status === 'True')) continue
    findings.push(`Readiness gate ${conditionType} is not met`)
  }
  return [...findings, ...otherWarnings(own, phase)]
}

// What the scheduler's message is about, in the pod's own terms.
function asksFor({ nodeSelector, volumes = [] }: PodSpec): string {
  const claims = volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []))
  const asked = [
    ...(nodeSelector ? [`its nodeSelector asks for ${labelText(nodeSelector)}`] : []),
    ...(claims.length > 0 ? [`its PersistentVolumeClaims are ${names(claims)}`] : []),
  ]
  return asked.length > 0 ? `; ${asked.join('; ')}` : ''
}

/** The findings of several pods, those that say the same as one: `2 pods (a, b): …`. */
export function sharedFindings(pods: readonly Pod[], events: readonly KubeEvent[], now: number): string[] {
  const groups = new Map<string, { text: string; pods: string[] }>()
  for (const pod of pods) {
    for (const text of podFindings(pod, events, now)) {
      const group = groups.get(shapeOf(text))
      if (group) group.pods.push(pod.metadata.name)
      else groups.set(shapeOf(text), { text, pods: [pod.metadata.name] })
    }
  }
  return [...groups.values()]
    .sort((a, b) => b.pods.length - a.pods.length || (a.text < b.text ? -1 : 1))
    .slice(0, 8)
    .map(({ text, pods: which }) => `${count(which.length, 'pod')} (${names(which.sort())}): ${text}`)
}

/** Whether a pod is ready to serve. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false
}

// Mounts, sandboxes, volumes: trouble that only events tell, while the pod has not come up.
function otherWarnings(events: readonly KubeEvent[], phase: string | undefined): string[] {
  if (phase !== 'Pending') return []
  const warnings = events.filter((one) => one.type === 'Warning' && !SAID_OTHERWISE.has(one.reason ?? ''))
  const latest = new Map(warnings.map((event) => [event.reason, event]))
  return [...latest.values()].slice(0, 3).map((event) => `${event.reason}: ${oneLine(event.message)}`)
}
