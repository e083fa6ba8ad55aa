import { age, oneLine } from './phrase.ts'
import { probeText } from './probes.ts'
import type { Container, ContainerState, ContainerStatus, PodSpec, Termination } from './shapes.ts'

/** A container as a reader wants it: what runs, how it fares, where its settings come from. */
export interface ContainerView {
  name: string
  image: string
  state: string
  ready?: boolean
  restarts?: number
  [fact: string]: unknown
}

export function viewContainer(
  container: Container,
  status: ContainerStatus | undefined,
  spec: PodSpec,
  now: number,
): ContainerView {
  const { limits, requests } = container.resources ?? {}
  const probes = (['readiness', 'liveness', 'startup'] as const).flatMap((kind) => {
    const probe = container[`${kind}Probe`]
    return probe ? [`${kind}: ${probeText(probe)}`] : []
  })
  const optional = {
    ports: container.ports?.map(portText),
    lastState: status?.lastState?.terminated && terminatedText(status.lastState.terminated, now),
    limits,
    requests,
    probes,
    env: envNames(container),
    mounts: mountTexts(container, spec),
  }
  return {
    name: container.name,
    image: container.image ?? '',
    state: stateText(status?.state, now),
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => !isEmpty(value))),
  }
}

/** `8080/TCP (http)` */
export function portText(port: { name?: string; containerPort: number; protocol?: string }): string {
  return `${port.containerPort}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`
}

function terminatedText(end: Termination, now: number): string {
  const when = end.finishedAt ? `, ${age(end.finishedAt, now)} ago` : ''
  const message = end.message ? `: ${oneLine(end.message, 200)}` : ''
  return `${end.reason ?? 'terminated'}, exit ${end.exitCode ?? '?'}${when}${message}`
}

function stateText(state: ContainerState | undefined, now: number): string {
  if (state?.running) return `running since ${age(state.running.startedAt, now)}`
  if (state?.terminated) return terminatedText(state.terminated, now)
  const { reason, message } = state?.waiting ?? {}
  return `waiting${reason ? `: ${reason}` : ''}${message ? ` (${oneLine(message, 160)})` : ''}`
}

// Names and sources only: values may hold secrets, and the source is what one looks for.
function envNames(container: Container): string[] {
  const own = (container.env ?? []).map(({ name, valueFrom }) => {
    const { configMapKeyRef: map, secretKeyRef: secret, fieldRef, resourceFieldRef } = valueFrom ?? {}
    if (map) return `${name} from ConfigMap ${map.name} key ${map.key}`
    if (secret) return `${name} from Secret ${secret.name} key ${secret.key}`
    return fieldRef || resourceFieldRef
      ? `${name} from ${fieldRef?.fieldPath ?? resourceFieldRef?.resource}`
      : name
  })
  const whole = (container.envFrom ?? []).map(({ configMapRef, secretRef, prefix }) => {
    const source = configMapRef ? `ConfigMap ${configMapRef.name}` : `Secret ${secretRef?.name}`
    return `all of ${source}${prefix ? ` with prefix ${prefix}` : ''}`
  })
  return [...own, ...whole].slice(0, 30)
}

function mountTexts(container: Container, spec: PodSpec): string[] {
  const known = new Set((spec.volumes ?? []).map((volume) => volume.name))
  return (container.volumeMounts ?? [])
    .filter((mount) => known.has(mount.name) && !mount.name.startsWith('kube-api-access-'))
    .map(({ mountPath, name, subPath, readOnly }) => {
      return `${mountPath} ← ${name}${subPath ? `/${subPath}` : ''}${readOnly ? ' (ro)' : ''}`
    })
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  )
}
