import { portText } from './containers.ts'
import type { Container, Pod, ServicePort } from './shapes.ts'

/** Where a Service port leads in its pods, and what is wrong with that. */
export function checkPort(port: ServicePort, pods: readonly Pod[]): { leadsTo: string; finding?: string } {
  const target = port.targetPort ?? port.port
  const protocol = port.protocol ?? 'TCP'
  const name = `Port ${port.port}${port.name ? ` (${port.name})` : ''}`
  const declared = pods.flatMap((pod) => servingContainers(pod).flatMap((container) => container.ports ?? []))
  const same = declared.filter((one) => (one.protocol ?? 'TCP') === protocol)
  const hit = same.find((one) =>
    typeof target === 'string' ? one.name === target : one.containerPort === target,
  )
  if (hit) return { leadsTo: `${target} → container port ${portText(hit)}` }
  if (pods.length === 0) return { leadsTo: `${target}, no pods to check` }
  if (declared.length === 0) {
    const finding = `${name} targets the named port "${target}", but the containers of its pods name no ports: it leads nowhere`
    return typeof target === 'string'
      ? { leadsTo: `${target}, which does not exist`, finding }
      : { leadsTo: `${target}; the containers declare no ports, so this cannot be checked` }
  }
  const ports = [...new Set(declared.map(portText))].join(', ')
  const consequence =
    typeof target === 'string'
      ? 'no container of its pods has a port of that name, so connections are refused'
      : 'the containers of its pods do not declare that port, so connections are refused unless they listen there all the same'
  return {
    leadsTo: `${target}, which no container declares`,
    finding: `${name} targets ${typeof target === 'string' ? `the named port "${target}"` : `port ${target}/${protocol}`}, but ${consequence}. They declare ${ports}`,
  }
}

// Sidecars are init containers that keep running; they may serve too.
function servingContainers(pod: Pod): Container[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
  return [...(pod.spec?.containers ?? []), ...sidecars]
}
