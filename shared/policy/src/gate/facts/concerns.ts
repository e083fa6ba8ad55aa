import { containersOf, type FoundPodSpec } from './pod-specs.ts'
import { isTree, type Tree, textAt, treeAt, treesAt } from './tree.ts'

/** What of a pod spec weakens it without reaching the node. */
export function concernsOf(found: FoundPodSpec): string[] {
  const { spec, path } = found
  const pod = treeAt(spec, 'securityContext')
  const at = path === '' ? 'the pod' : path
  const ports = containersOf(found).flatMap(({ id, container }) => [
    ...treesAt(container, 'ports')
      .filter((port) => typeof port.hostPort === 'number' && port.hostPort > 0)
      .map((port) => `${id} takes port ${port.hostPort} of its node`),
    ...contextConcerns(treeAt(container, 'securityContext'), id),
  ])
  return [
    ...(spec.shareProcessNamespace === true ? [`${at}: containers see each other's processes`] : []),
    ...(spec.hostUsers === true ? [`${at}: hostUsers`] : []),
    ...(textAt(spec, 'nodeName')
      ? [`${at}: placed on node ${textAt(spec, 'nodeName')} past the scheduler`]
      : []),
    ...(textAt(spec, 'priorityClassName')?.startsWith('system-') ? [`${at}: system priority`] : []),
    ...(textAt(spec, 'runtimeClassName') ? [`${at}: runtime class ${textAt(spec, 'runtimeClassName')}`] : []),
    ...(spec.automountServiceAccountToken === true ? [`${at}: mounts the token of its ServiceAccount`] : []),
    ...tokenVolumes(spec).map((name) => `${at}: volume ${name} holds a ServiceAccount token`),
    ...volumes(spec, at),
    ...sysctls(pod, at),
    ...contextConcerns(pod, at),
    ...ports,
  ]
}

function contextConcerns(context: Tree, who: string): string[] {
  const unconfined = ['seccompProfile', 'appArmorProfile'].filter(
    (profile) => textAt(treeAt(context, profile), 'type') === 'Unconfined',
  )
  return [
    ...(context.runAsUser === 0 ? [`${who} runs as root`] : []),
    ...(context.runAsNonRoot === false ? [`${who} may run as root`] : []),
    ...unconfined.map((profile) => `${who}: ${profile} Unconfined`),
    ...('seLinuxOptions' in context ? [`${who}: seLinuxOptions`] : []),
  ]
}

// Admission adds one to every pod, for the API server only.
function tokenVolumes(spec: Tree): string[] {
  return treesAt(spec, 'volumes')
    .filter(({ name, projected }) =>
      treesAt(projected, 'sources').some(({ serviceAccountToken: token }) => {
        if (!isTree(token)) return false
        return token.audience !== undefined || !/^kube-api-access-[a-z0-9]{5}$/.test(String(name))
      }),
    )
    .map(({ name }) => String(name))
}

// What a pod brings along, or what is judged elsewhere; any other kind of volume holds somebody's data or a driver.
const OWN_VOLUMES = new Set([
  'name',
  'configMap',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'hostPath',
  'projected',
  'secret',
])

function volumes(spec: Tree, at: string): string[] {
  return treesAt(spec, 'volumes').flatMap((volume) =>
    Object.keys(volume)
      .filter((kind) => !OWN_VOLUMES.has(kind))
      .map((kind) => {
        const claim = textAt(treeAt(volume, kind), 'claimName')
        return claim ? `${at} mounts claim ${claim}` : `${at}: volume ${String(volume.name)} is ${kind}`
      }),
  )
}

// Those of the baseline level are namespaced and safe.
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
])

function sysctls(pod: Tree, at: string): string[] {
  return treesAt(pod, 'sysctls')
    .map((one) => String(one.name))
    .filter((name) => !SAFE_SYSCTLS.has(name))
    .map((name) => `${at}: sysctl ${name}`)
}
