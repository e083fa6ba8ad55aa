import type { KubeObject } from '../client/cluster.ts'
import type { Explained, Subject } from './description.ts'
import { kinds } from './kinds.ts'
import { names, oneLine } from './phrase.ts'
import type { Pod } from './shapes.ts'

interface Claim extends KubeObject {
  spec?: {
    storageClassName?: string
    accessModes?: string[]
    volumeName?: string
    volumeMode?: string
    resources?: { requests?: { storage?: string } }
  }
  status?: { phase?: string; capacity?: { storage?: string } }
}

interface StorageClass extends KubeObject {
  provisioner?: string
  volumeBindingMode?: string
}

/** A PersistentVolumeClaim: bound or why not, and which pods mount it. */
export async function describeClaim({
  object,
  namespace,
  events,
  reader,
}: Subject<Claim>): Promise<Explained> {
  const { spec = {}, status = {} } = object
  const users: string[] = []
  const [classes, podsSeen] = await Promise.all([
    reader.list<StorageClass>(kinds.storageClasses, undefined),
    reader.each<Pod>(kinds.pods, namespace, {}, (pod) => {
      const mounts = pod.spec?.volumes?.some(
        (one) => one.persistentVolumeClaim?.claimName === object.metadata.name,
      )
      if (mounts) users.push(pod.metadata.name)
    }),
  ])
  const own = classes?.find((one) => one.metadata.name === spec.storageClassName)
  return {
    facts: {
      phase: status.phase,
      storageClass: spec.storageClassName ?? 'none',
      provisioner: own?.provisioner,
      volume: spec.volumeName,
      accessModes: spec.accessModes,
      requested: spec.resources?.requests?.storage,
      capacity: status.capacity?.storage,
      usedBy: podsSeen ? (users.length > 0 ? users.sort().slice(0, 10) : 'no pod') : undefined,
    },
    findings:
      status.phase === 'Bound'
        ? []
        : unboundFindings(object, own, classes, podsSeen ? users : undefined, events),
  }
}

function unboundFindings(
  { spec = {}, status = {} }: Claim,
  own: StorageClass | undefined,
  classes: readonly StorageClass[] | undefined,
  users: readonly string[] | undefined,
  events: Subject['events'],
): string[] {
  const findings: string[] = []
  const name = spec.storageClassName
  if (status.phase === 'Lost') findings.push(`Its volume ${spec.volumeName} is gone`)
  if (classes && name && !own) {
    const others =
      names(
        classes.map((one) => one.metadata.name),
        5,
      ) || 'none'
    findings.push(`Is not bound: there is no StorageClass "${name}" (there are: ${others})`)
  }
  if (classes && name === undefined)
    findings.push('Is not bound: it names no StorageClass and the cluster has no default one')
  if (own?.volumeBindingMode === 'WaitForFirstConsumer' && users?.length === 0) {
    findings.push('Waits for its first pod: its StorageClass binds only then, and no pod uses it')
  }
  const warning = events.filter((event) => event.type === 'Warning').at(-1)
  if (warning) findings.push(`${warning.reason}: ${oneLine(warning.message)}`)
  if (findings.length === 0 && status.phase !== 'Bound') findings.push(`Is not bound (${status.phase})`)
  return findings
}
