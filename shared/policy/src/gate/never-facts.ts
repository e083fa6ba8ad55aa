import type { ChangeFacts } from '../facts.ts'
import { neverTarget } from '../never.ts'
import { deny, type Finding } from './finding.ts'

// The DNS names Kubernetes knows, and the wider set of RBAC; no wildcards, lists, spaces or look-alikes.
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const MOST_OPERATIONS = 100

/** First layer: what is never done, whatever the configuration says. */
export function neverFindings(facts: ChangeFacts, ownNamespaces: ReadonlySet<string>): Finding[] {
  return [
    ...neverTarget(facts, ownNamespaces),
    ...addressing(facts),
    ...wayOfChange(facts),
    ...content(facts),
  ].map((reason) => deny('never', reason))
}

function addressing({ kind, name, namespaced, namespace, generatedName, planSize }: ChangeFacts): string[] {
  const reasons: string[] = []
  if (!NAME.test(name)) reasons.push('A change addresses one object by its name')
  if (namespaced !== (namespace !== '')) reasons.push('The namespace does not fit the kind')
  if (namespaced && !NAMESPACE.test(namespace)) reasons.push('A change addresses one namespace by its name')
  if (kind.endsWith('List')) reasons.push('Lists are not changed as one; name each object')
  if (generatedName) reasons.push('Generated names are not used; give the object a name')
  if (planSize > MOST_OPERATIONS) reasons.push(`A plan of more than ${MOST_OPERATIONS} operations is refused`)
  return reasons
}

function wayOfChange({ type, force, gracePeriodSeconds, deletesClaims, command }: ChangeFacts): string[] {
  const reasons: string[] = []
  if (force) reasons.push('Fields of other managers are not taken over by force')
  if (gracePeriodSeconds !== null && gracePeriodSeconds < 1) {
    reasons.push('Nothing is killed without notice: give a grace period of at least 1 s, or none')
  }
  if (deletesClaims) reasons.push('PersistentVolumeClaims are not deleted along with their workload')
  if (type === 'exec' && command === null) reasons.push('exec needs its argument vector')
  return reasons
}

const SECRET_FIELDS = /^metadata\.(labels|annotations)(?![^.[])/

function content(facts: ChangeFacts): string[] {
  const { group, resource, type, finalizersChanged, ownersChanged, exists, pods, grants } = facts
  const reasons: string[] = []
  if (finalizersChanged && exists) reasons.push('Finalizers are not edited from here')
  for (const privilege of pods?.newPrivileges ?? []) {
    reasons.push(`Access to the node is not given from here: ${privilege}`)
  }
  for (const grant of grants?.excessive ?? []) reasons.push(`This is not granted from here: ${grant}`)
  if (group === 'rbac.authorization.k8s.io' && grants === null) {
    reasons.push('What this grants could not be judged')
  }
  if (group === '' && resource === 'secrets' && type !== 'delete') {
    const other = facts.changedPaths.find((path) => !SECRET_FIELDS.test(path))
    if (other !== undefined)
      reasons.push(`Content of Secrets is not written from here: ${other} would change`)
  }
  // The garbage collector deletes what has an owner that is not there.
  if (ownersChanged && group === '' && resource === 'persistentvolumeclaims') {
    reasons.push('Owners of PersistentVolumeClaims are not edited: it could delete them')
  }
  if (exists && facts.changedPaths.some((path) => POD_SECURITY.test(path))) {
    reasons.push('Pod security levels of namespaces are not changed from here')
  }
  return reasons
}

const POD_SECURITY = /^metadata\.labels\W+pod-security\.kubernetes\.io\//
