import { denyDelete } from './deletes.ts'
import type { ChangeType, TargetFacts } from './facts.ts'

/** Namespaces Gatehouse itself may live in, besides those it is told at start. */
export const OWN_NAMESPACES: ReadonlySet<string> = new Set(['gatehouse', 'gatehouse-system'])

type Addressed = Pick<TargetFacts, 'group' | 'resource' | 'namespace' | 'name'> & {
  type: ChangeType
  /** Unknown to who only sees a request. */
  exists?: boolean | undefined
}

// Groups whose objects decide who may do what, or see what everybody sends.
const GROUPS: Record<string, string> = {
  'admissionregistration.k8s.io': 'Admission configuration is not changed from here',
  'certificates.k8s.io': 'Certificate requests are not made or decided from here',
  'authentication.k8s.io': 'Tokens are not requested or reviewed from here',
  'authorization.k8s.io': 'Access reviews for others are not made from here',
  'apiregistration.k8s.io': 'Aggregated APIs, which see the requests of everybody, are not changed from here',
}
const RBAC = 'rbac.authorization.k8s.io'
const CREATING: ReadonlySet<ChangeType> = new Set(['create', 'apply'])

/**
 * Why a change is refused whatever the configuration, judged by what it addresses alone. The same list stands in the
 * gate and under the Kubernetes client. Empty: nothing speaks against it here.
 */
export function neverTarget(facts: Addressed, ownNamespaces: ReadonlySet<string> = OWN_NAMESPACES): string[] {
  const reasons: string[] = []
  const { type, group, resource, name } = facts
  const place = group === '' && resource === 'namespaces' ? name : facts.namespace
  if (/^kube-/i.test(place)) reasons.push(`Nothing in ${place} is changed from here`)
  if (ownNamespaces.has(place))
    reasons.push(`Nothing in ${place}, where Gatehouse runs, is changed from here`)
  const ofGroup = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined
  if (ofGroup) reasons.push(ofGroup)
  if (type === 'delete') {
    const reason = denyDelete({ group, plural: resource })
    if (reason) reasons.push(reason)
  }
  if (group === RBAC) reasons.push(...neverGrants(facts))
  if (group === '') reasons.push(...neverCore(facts))
  if ((type === 'exec' || type === 'evict') && (group !== '' || resource !== 'pods')) {
    reasons.push(`${type} is for pods only`)
  }
  return reasons
}

function neverGrants({ type, resource, exists }: Addressed): string[] {
  if (resource !== 'roles' && resource !== 'rolebindings') {
    return ['Cluster-wide RBAC is not changed from here']
  }
  if (!CREATING.has(type) || exists === true) {
    return ['Existing Roles and RoleBindings are not changed or deleted from here']
  }
  return []
}

function neverCore({ type, resource, name, exists }: Addressed): string[] {
  switch (resource) {
    case 'secrets':
      if (name.startsWith('sh.helm.release.')) return ['Records of Helm releases are changed by Helm only']
      if (type === 'create' || (type === 'apply' && exists === false)) {
        return ['Content of Secrets is not written from here']
      }
      return []
    case 'nodes':
      return type === 'create' ? ['Nodes are not made from here'] : []
    case 'bindings':
      return ['Pods are not bound to nodes from here']
    default:
      return []
  }
}
