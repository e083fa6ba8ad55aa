import type { KubeObject } from '../client/cluster.ts'
import { type Labels, selects, serviceSelects } from '../describe/labels.ts'
import type { Backend, Ingress, Workload } from '../describe/shapes.ts'
import type { Around } from './around.ts'
import type { Use } from './pod-spec.ts'
import type { Wanted } from './reference.ts'

export interface Found {
  kind: string
  object: KubeObject
  use: Use
}

const RUN_PODS = new Set([
  '/Pod',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
])

/** Services, policies and budgets that select the target's pods; Ingresses that lead to it; autoscalers that scale it. */
export function usesByNetwork(around: Around, wanted: Wanted): Found[] {
  const found: Found[] = []
  for (const ingress of around.ingresses ?? []) {
    for (const use of usesOfIngress(ingress, wanted)) found.push({ kind: 'Ingress', object: ingress, use })
  }
  for (const autoscaler of around.autoscalers ?? []) {
    const { scaleTargetRef: scaled, minReplicas = 1, maxReplicas } = autoscaler.spec ?? {}
    const group = scaled?.apiVersion?.includes('/') ? scaled.apiVersion.split('/')[0] : ''
    if (scaled?.kind !== wanted.kind || scaled.name !== wanted.name || group !== wanted.group) continue
    const use = { how: 'scales it', detail: `${minReplicas} to ${maxReplicas} replicas` }
    found.push({ kind: 'HorizontalPodAutoscaler', object: autoscaler, use })
  }
  const labels = podLabelsOf(wanted)
  return labels ? [...found, ...selecting(around, labels)] : found
}

function selecting(around: Around, labels: Labels): Found[] {
  const use = { how: 'selector' }
  const services = (around.services ?? []).filter((one) => serviceSelects(one.spec?.selector, labels))
  const budgets = (around.budgets ?? []).filter((one) => selects(one.spec?.selector, labels))
  const policies = (around.networkPolicies ?? []).filter((one) =>
    selects(one.spec?.podSelector ?? {}, labels),
  )
  return [
    ...services.map((object) => ({ kind: 'Service', object, use })),
    ...budgets.map((object) => ({ kind: 'PodDisruptionBudget', object, use })),
    ...policies.map((object) => ({ kind: 'NetworkPolicy', object, use })),
  ]
}

// The labels its pods carry: a Pod's own, else those of the template.
function podLabelsOf({ group, kind, object }: Wanted): Labels | undefined {
  if (!object || !RUN_PODS.has(`${group}/${kind}`)) return undefined
  if (kind === 'Pod') return object.metadata.labels ?? {}
  // Checked by RUN_PODS: these kinds have a template.
  return (object as Workload).spec?.template?.metadata?.labels ?? {}
}

function usesOfIngress({ spec = {} }: Ingress, { group, kind, name }: Wanted): Use[] {
  if (group !== '') return []
  if (kind === 'Secret') {
    const tls = (spec.tls ?? []).filter((one) => one.secretName === name)
    return tls.map(({ hosts = [] }) => ({
      how: 'tls',
      detail: hosts.length > 0 ? `for ${hosts.join(', ')}` : 'for all hosts',
    }))
  }
  if (kind !== 'Service') return []
  const isIt = (backend: Backend | undefined) => backend?.service?.name === name
  const port = (backend: Backend | undefined) =>
    backend?.service?.port?.name ?? backend?.service?.port?.number ?? '?'
  const routes = (spec.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? [])
      .filter(({ backend }) => isIt(backend))
      .map(({ path = '/', backend }) => `${host}${path} → port ${port(backend)}`),
  )
  if (isIt(spec.defaultBackend)) routes.push(`everything else → port ${port(spec.defaultBackend)}`)
  return routes.length > 0 ? [{ how: 'backend', detail: routes.slice(0, 6).join(', ') }] : []
}
