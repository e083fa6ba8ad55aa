import type { Explained, Subject } from './description.ts'
import { kinds } from './kinds.ts'
import { type Labels, selectorQuery, selects } from './labels.ts'
import { nearMatches, nearMatchText } from './near-match.ts'
import { count, labelText } from './phrase.ts'
import { isReady, sharedFindings } from './pod-findings.ts'
import { podRows } from './pod-rows.ts'
import { checkPort } from './service-ports.ts'
import type { EndpointSlice, KubeEvent, LabelSelector, Pod, Service } from './shapes.ts'

/** A Service: which pods it finds, whether they are ready, whether its ports lead anywhere. */
export async function describeService(subject: Subject<Service>): Promise<Explained> {
  const { object, namespace, reader, now } = subject
  const { spec = {}, status } = object
  const selector = spec.selector ?? {}
  const hasSelector = Object.keys(selector).length > 0
  const labelSelector = selectorQuery({ matchLabels: selector })
  const [pods, slices, warnings = [], policies = []] = await Promise.all([
    hasSelector ? reader.list<Pod>(kinds.pods, namespace, { labelSelector }) : [],
    reader.list<EndpointSlice>(kinds.endpointSlices, namespace, {
      labelSelector: `kubernetes.io/service-name=${object.metadata.name}`,
    }),
    reader.list<KubeEvent>(kinds.events, namespace, { fieldSelector: 'type=Warning' }),
    reader.list<Policy>(kinds.networkPolicies, namespace),
  ])
  const ports = (spec.ports ?? []).map((port) => ({ port, ...checkPort(port, pods ?? []) }))
  const near = hasSelector && pods?.length === 0 ? await nearby(subject, selector) : []
  const addresses = spec.type === 'LoadBalancer' ? (status?.loadBalancer?.ingress ?? []) : undefined
  return {
    facts: {
      type: spec.type ?? 'ClusterIP',
      clusterIP: spec.clusterIP,
      externalName: spec.externalName,
      external: addresses?.map((one) => one.ip ?? one.hostname),
      selector: hasSelector ? labelText(selector) : 'none',
      ports: ports.map(
        ({ port, leadsTo }) =>
          `${port.port}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''} → ${leadsTo}`,
      ),
      pods: pods && podRows(pods, now).map((pod) => `${pod.name}: ${pod.state}`),
      endpoints: slices && endpointText(slices),
    },
    findings: [
      ...selectionFindings(spec, pods, near, slices),
      ...ports.flatMap(({ finding }) => (finding ? [finding] : [])),
      ...sharedFindings(pods ?? [], warnings, now),
      ...policyFindings(policies, pods ?? []),
      ...(addresses?.length === 0
        ? ['Has no external address yet: nothing in this cluster has assigned one']
        : []),
    ],
    dependents: slices?.map((slice) => ({ kind: 'EndpointSlice', name: slice.metadata.name })) ?? [],
  }
}

interface Policy extends Pod {
  spec?: { podSelector?: LabelSelector; policyTypes?: string[]; ingress?: unknown[] } & Pod['spec']
}

async function nearby({ reader, namespace }: Subject<Service>, selector: Labels): Promise<string[]> {
  const all = (await reader.list<Pod>(kinds.pods, namespace, { metadataOnly: true })) ?? []
  const labelled = all.map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} }))
  const near = nearMatches(selector, labelled).map(nearMatchText)
  if (near.length > 0) return near
  const keys = Object.keys(selector)
  const values = labelled.flatMap(({ labels }) =>
    keys.flatMap((key) => (labels[key] ? [`${key}=${labels[key]}`] : [])),
  )
  const seen = [...new Set(values)].sort().slice(0, 8)
  if (seen.length > 0) return [`no pod is close; under these keys the pods here have ${seen.join(', ')}`]
  return [
    all.length === 0
      ? 'there are no pods in this namespace'
      : `none of the ${all.length} pods here has such labels`,
  ]
}

function selectionFindings(
  spec: NonNullable<Service['spec']>,
  pods: readonly Pod[] | undefined,
  near: readonly string[],
  slices: readonly EndpointSlice[] | undefined,
): string[] {
  if (spec.type === 'ExternalName') return []
  if (Object.keys(spec.selector ?? {}).length === 0) {
    const none = slices?.every((slice) => (slice.endpoints ?? []).length === 0)
    return none
      ? ['Has no selector and no endpoints: connections are refused until someone writes an EndpointSlice']
      : []
  }
  if (!pods) return []
  if (pods.length === 0) {
    return [`Its selector (${labelText(spec.selector)}) finds no pods, so connections are refused`, ...near]
  }
  const ready = pods.filter(isReady).length
  if (ready === pods.length) return []
  const consequence = ready === 0 ? ', so connections are refused' : ''
  return [`${ready} of its ${count(pods.length, 'pod')} ${ready === 1 ? 'is' : 'are'} ready${consequence}`]
}

function policyFindings(policies: readonly Policy[], pods: readonly Pod[]): string[] {
  return policies
    .filter(({ spec }) => (spec?.policyTypes ?? []).includes('Ingress'))
    .filter(({ spec }) => pods.some((pod) => selects(spec?.podSelector ?? {}, pod.metadata.labels)))
    .map(({ metadata, spec }) =>
      (spec?.ingress ?? []).length === 0
        ? `NetworkPolicy ${metadata.name} covers its pods and allows no incoming connection of its own`
        : `NetworkPolicy ${metadata.name} covers its pods: only what it or another policy allows gets through`,
    )
}

function endpointText(slices: readonly EndpointSlice[]): string {
  const all = slices.flatMap((slice) => slice.endpoints ?? [])
  const ready = all.filter((one) => one.conditions?.ready !== false)
  const rest = all.length - ready.length
  const some = ready
    .slice(0, 5)
    .flatMap((one) => one.addresses ?? [])
    .join(', ')
  const isUseless = ready.length > 0 && slices.every((slice) => (slice.ports ?? []).length === 0)
  return `${ready.length} ready${some ? ` (${some}${ready.length > 5 ? ', …' : ''})` : ''}, ${rest} not ready${isUseless ? '; none of its ports resolves' : ''}`
}
