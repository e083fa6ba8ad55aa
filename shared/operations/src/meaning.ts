import { canonicalJson, digestOf } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'

/** What two versions of an object may differ in and still mean the same. */
const SERVERS_OWN = new Set(['resourceVersion', 'managedFields', 'generation', 'selfLink'])

/** Annotations that controllers keep for themselves; short on purpose. */
const CONTROLLERS_OWN = [
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'autoscaling.alpha.kubernetes.io/conditions',
  'autoscaling.alpha.kubernetes.io/current-metrics',
  'autoscaling.alpha.kubernetes.io/metrics',
  'control-plane.alpha.kubernetes.io/leader',
]

/**
 * The part of an object that an approval is about: without status, bookkeeping of the API server and of controllers;
 * never without what `body`, the change itself, touches.
 */
export function meaningOf(object: KubeObject, body: unknown): Record<string, unknown> {
  const { status, metadata, ...rest } = object
  const own = Object.entries(metadata).filter(([key]) => !SERVERS_OWN.has(key))
  const kept = Object.fromEntries(own)
  if (metadata.annotations) {
    const text = JSON.stringify(body ?? null)
    // A JSON pointer writes the slash of a name as ~1.
    const named = (key: string) => text.includes(key) || text.includes(key.replaceAll('/', '~1'))
    const entries = Object.entries(metadata.annotations).filter(
      ([key]) => !CONTROLLERS_OWN.includes(key) || named(key),
    )
    if (entries.length > 0) kept.annotations = Object.fromEntries(entries)
    else delete kept.annotations
  }
  return { ...rest, metadata: kept, ...(touchesStatus(body) && { status }) }
}

/**
 * The same for what a dry run says an object becomes, without what it only invents: uid and time of a new object,
 * addresses and ports that a Service is given, the name of a pod's token volume.
 */
export function postImageOf(
  object: KubeObject,
  live: KubeObject | undefined,
  body: unknown,
): Record<string, unknown> {
  const meaning = meaningOf(object, body)
  if (!live) {
    const { uid: _uid, creationTimestamp: _time, ...metadata } = object.metadata
    const kept = meaning.metadata as Record<string, unknown>
    meaning.metadata = Object.fromEntries(Object.entries(kept).filter(([key]) => key in metadata))
  }
  if (object.apiVersion !== 'v1') return meaning
  if (object.kind === 'Pod' && !live) return withTokenVolume(meaning, body)
  return object.kind === 'Service' ? withoutGiven(meaning, live, body) : meaning
}

const TOKEN_VOLUME = /"kube-api-access-[a-z0-9]{5}"/g

// Admission gives a new pod a volume for its token, under a random name each time.
function withTokenVolume(meaning: Record<string, unknown>, body: unknown): Record<string, unknown> {
  const said = JSON.stringify(body ?? null)
  const text = JSON.stringify(meaning)
  return JSON.parse(
    text.replace(TOKEN_VOLUME, (name) => (said.includes(name) ? name : '"kube-api-access-given"')),
  )
}

/** Salted: who knows all but one value of an object shall not find that value by trying. */
export function digestOfMeaning(salt: string, meaning: unknown): string {
  try {
    return digestOf('object/v1', canonicalJson([salt, meaning]))
  } catch (cause) {
    // Two numbers that lost different digits would look equal.
    throw new GatehouseError('CANNOT_PLAN', 'The object holds a value that cannot be compared exactly', {
      cause,
    })
  }
}

function touchesStatus(body: unknown): boolean {
  if (Array.isArray(body)) return body.some((step: unknown) => isStatusStep(step))
  return Object.hasOwn(Object(body), 'status')
}

function isStatusStep(step: unknown): boolean {
  const { path } = Object(step)
  return typeof path === 'string' && /^\/status(\/|$)/.test(path)
}

const ADDRESSES = ['clusterIP', 'clusterIPs', 'healthCheckNodePort'] as const

// Addresses and node ports that neither the object before nor the change names are chosen anew each time.
function withoutGiven(
  meaning: Record<string, unknown>,
  live: KubeObject | undefined,
  body: unknown,
): Record<string, unknown> {
  const spec: Record<string, unknown> = { ...(meaning.spec as object) }
  const before: Record<string, unknown> = Object(live?.spec)
  const said = JSON.stringify(body ?? null)
  for (const field of ADDRESSES) {
    if (field in spec && !(field in before) && !said.includes(`"${field}"`)) spec[field] = 'given'
  }
  if (Array.isArray(spec.ports)) {
    const known = new Set(portsOf(before.ports))
    spec.ports = spec.ports.map((port: { nodePort?: number }) =>
      port.nodePort === undefined || known.has(port.nodePort) || said.includes(`"nodePort":${port.nodePort}`)
        ? port
        : { ...port, nodePort: 'given' },
    )
  }
  return { ...meaning, spec }
}

function portsOf(ports: unknown): unknown[] {
  return Array.isArray(ports)
    ? ports.flatMap(({ nodePort }) => (nodePort === undefined ? [] : [nodePort]))
    : []
}
