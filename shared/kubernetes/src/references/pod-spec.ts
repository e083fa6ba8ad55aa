import type { Container, EnvSource, PodSpec, Volume } from '../describe/shapes.ts'
import type { Reference, Wanted } from './reference.ts'

/** A use found in a pod template, not yet said whose. */
export type Use = Pick<Reference, 'how' | 'containers' | 'detail'>

// Admission adds it to every pod under a name of its own, to no template.
const API_ACCESS = /^kube-api-access-/
export const INJECTED = 'injected token volume'

/** Every way a pod's spec uses a ConfigMap, Secret, PersistentVolumeClaim or ServiceAccount. */
export function usesInPodSpec(spec: PodSpec | undefined, wanted: Wanted): Use[] {
  if (!spec || wanted.group !== '') return []
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const uses = (spec.volumes ?? []).flatMap((volume) => volumeUse(volume, containers, wanted))
  uses.push(...envUses(containers, wanted))
  if (wanted.kind === 'ServiceAccount' && (spec.serviceAccountName ?? 'default') === wanted.name) {
    uses.push({ how: 'serviceAccountName' })
  }
  if (wanted.kind === 'Secret' && spec.imagePullSecrets?.some((one) => one.name === wanted.name)) {
    uses.push({ how: 'imagePullSecrets' })
  }
  return uses
}

function volumeUse(volume: Volume, containers: readonly Container[], wanted: Wanted): Use[] {
  const source = sourceOf(volume, wanted)
  if (!source) return []
  const mounts = containers.flatMap((container) =>
    (container.volumeMounts ?? [])
      .filter((mount) => mount.name === volume.name)
      .map(({ mountPath, subPath }) => ({
        container: container.name,
        at: `${mountPath}${subPath ? ` (${subPath})` : ''}`,
      })),
  )
  const devices = containers.flatMap((container) =>
    (container.volumeDevices ?? [])
      .filter((device) => device.name === volume.name)
      .map((device) => ({ container: container.name, at: device.devicePath })),
  )
  const all = [...mounts, ...devices]
  const how = API_ACCESS.test(volume.name) ? INJECTED : `${source} "${volume.name}"`
  if (all.length === 0) return [{ how, containers: [], detail: 'no container mounts it: unused' }]
  const paths = [...new Set(all.map(({ at }) => at))].join(', ')
  return [{ how, containers: [...new Set(all.map(({ container }) => container))], detail: `at ${paths}` }]
}

function sourceOf(volume: Volume, { kind, name }: Wanted): string | undefined {
  const { configMap, secret, persistentVolumeClaim: claim, projected } = volume
  if (kind === 'ConfigMap' && configMap?.name === name) return 'volume'
  if (kind === 'PersistentVolumeClaim' && claim?.claimName === name) return 'volume'
  if (kind === 'Secret' && (secret?.secretName === name || secretOfDriver(volume) === name)) return 'volume'
  const isProjected = projected?.sources?.some((source) =>
    kind === 'ConfigMap'
      ? source.configMap?.name === name
      : kind === 'Secret' && source.secret?.name === name,
  )
  return isProjected ? 'projected volume' : undefined
}

// CSI, iSCSI, CephFS, RBD, Flex and others each name the Secret of their driver in a field of their own.
function secretOfDriver(volume: Volume): string | undefined {
  for (const source of Object.values(volume)) {
    if (source === null || typeof source !== 'object') continue
    for (const field of ['nodePublishSecretRef', 'secretRef']) {
      const reference: unknown = Reflect.get(source, field)
      if (reference !== null && typeof reference === 'object' && 'name' in reference)
        return String(reference.name)
    }
    if ('secretName' in source && 'shareName' in source) return String(source.secretName)
  }
  return undefined
}

function envUses(containers: readonly Container[], wanted: Wanted): Use[] {
  const byKey = new Map<string, Set<string>>()
  const whole: string[] = []
  for (const container of containers) {
    for (const { name, valueFrom } of container.env ?? []) {
      const key = keyOf(valueFrom, wanted)
      if (key === undefined) continue
      const variable = `${name} from key ${key}`
      byKey.set(variable, (byKey.get(variable) ?? new Set()).add(container.name))
    }
    const source =
      wanted.kind === 'ConfigMap' ? 'configMapRef' : wanted.kind === 'Secret' ? 'secretRef' : undefined
    if (source && container.envFrom?.some((one) => one[source]?.name === wanted.name))
      whole.push(container.name)
  }
  const uses: Use[] = []
  if (byKey.size > 0) {
    const users = new Set([...byKey.values()].flatMap((names) => [...names]))
    uses.push({ how: 'env', containers: [...users], detail: [...byKey.keys()].join(', ') })
  }
  if (whole.length > 0) uses.push({ how: 'envFrom', containers: [...new Set(whole)], detail: 'all keys' })
  return uses
}

function keyOf(source: EnvSource | undefined, { kind, name }: Wanted): string | undefined {
  const reference =
    kind === 'ConfigMap' ? source?.configMapKeyRef : kind === 'Secret' ? source?.secretKeyRef : undefined
  return reference?.name === name ? reference.key : undefined
}
