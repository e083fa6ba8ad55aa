import { viewContainer } from './containers.ts'
import type { Explained, Subject } from './description.ts'
import { labelText } from './phrase.ts'
import { podFindings } from './pod-findings.ts'
import type { Container, ContainerStatus, Pod, Volume } from './shapes.ts'

// They follow from the containers, about which there is more to say.
const FROM_CONTAINERS = ['ContainersReady', 'PodScheduled', 'Initialized', 'PodReadyToStartContainers']

/** A Pod: containers with their states, where they run, what they mount. No further reads. */
export async function describePod({ object: pod, events, now }: Subject<Pod>): Promise<Explained> {
  const { spec = {}, status = {} } = pod
  const view = (containers: Container[] | undefined, statuses: ContainerStatus[] | undefined) =>
    containers?.map((one) =>
      viewContainer(
        one,
        statuses?.find((state) => state.name === one.name),
        spec,
        now,
      ),
    )
  const volumes = (spec.volumes ?? []).filter((volume) => !volume.name.startsWith('kube-api-access-'))
  const findings = podFindings(pod, events, now)
  const isExplained = findings.length > 0 || status.phase === 'Succeeded'
  return {
    findings,
    saidConditions: isExplained ? [...FROM_CONTAINERS, 'Ready'] : FROM_CONTAINERS,
    facts: {
      phase: status.phase,
      node: spec.nodeName ?? 'none yet',
      ip: status.podIP,
      qos: status.qosClass,
      serviceAccount: spec.serviceAccountName,
      nodeSelector: spec.nodeSelector && labelText(spec.nodeSelector),
      imagePullSecrets: spec.imagePullSecrets?.map((secret) => secret.name),
      initContainers: view(spec.initContainers, status.initContainerStatuses),
      containers: view(spec.containers, status.containerStatuses),
      volumes:
        volumes.length > 0
          ? Object.fromEntries(volumes.map((one) => [one.name, volumeText(one)]))
          : undefined,
    },
  }
}

function volumeText(volume: Volume): string {
  const { name: _, configMap, secret, persistentVolumeClaim: claim, projected, ...other } = volume
  if (configMap) return `ConfigMap ${configMap.name}${configMap.optional ? ' (optional)' : ''}`
  if (secret) return `Secret ${secret.secretName}${secret.optional ? ' (optional)' : ''}`
  if (claim) return `PersistentVolumeClaim ${claim.claimName}`
  if (projected) {
    const sources = (projected.sources ?? []).map((source) => {
      if (source.configMap) return `ConfigMap ${source.configMap.name}`
      return source.secret ? `Secret ${source.secret.name}` : (Object.keys(source)[0] ?? '')
    })
    return `projected: ${sources.join(', ')}`
  }
  return Object.keys(other)[0] ?? 'unknown'
}
