import { containersOf, type FoundContainer, type FoundPodSpec } from './pod-specs.ts'
import { isTree, listAt, type Tree, textAt, treeAt, treesAt } from './tree.ts'

/** How a pod reaches the node it runs on; texts are the same as long as the way is. */
export function privilegesOf(found: FoundPodSpec): string[] {
  const { spec, path } = found
  const at = path === '' ? '' : `${path}.`
  const paths = new Map<string, string>()
  for (const volume of treesAt(spec, 'volumes')) {
    if (isTree(volume.hostPath)) paths.set(String(volume.name), textAt(volume.hostPath, 'path') ?? '?')
  }
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC']
      .filter((field) => isOn(spec[field]))
      .map((field) => `${at}${field}`),
    ...[...paths.values()].map((path) => `${at}hostPath ${path}`),
    ...hostProcess(spec, `${at}pod`),
    ...containersOf(found).flatMap((one) => ofContainer(one, paths)),
  ]
}

function ofContainer({ id, container }: FoundContainer, hostPaths: Map<string, string>): string[] {
  const context = treeAt(container, 'securityContext')
  const added = listAt(treeAt(context, 'capabilities'), 'add').map(String)
  const mounts = treesAt(container, 'volumeMounts').filter((mount) => hostPaths.has(String(mount.name)))
  const devices = treesAt(container, 'volumeDevices').filter((device) => hostPaths.has(String(device.name)))
  return [
    ...(isOn(context.privileged) ? [`${id} privileged`] : []),
    ...added.map((capability) => `${id} capability ${capability}`),
    ...(textAt(context, 'procMount') === 'Unmasked' ? [`${id} procMount Unmasked`] : []),
    ...hostProcess(container, id),
    ...[...mounts, ...devices].map(
      (mount) =>
        `${id} mounts hostPath ${hostPaths.get(String(mount.name))}${mount.readOnly === true ? ' read-only' : ''}`,
    ),
  ]
}

function hostProcess(holder: Tree, what: string): string[] {
  const windows = treeAt(treeAt(holder, 'securityContext'), 'windowsOptions')
  return isOn(windows.hostProcess) ? [`${what} hostProcess`] : []
}

// The API server takes true only, a controller of a custom resource may take more.
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 'false'
}
