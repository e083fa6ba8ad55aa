import type { GrantFacts } from '../../facts.ts'
import { listAt, type Tree, textAt, treeAt, treesAt } from './tree.ts'

const ESCALATING = new Set(['escalate', 'bind', 'impersonate', 'approve', 'sign'])
const EVERYBODY = new Set([
  'system:masters',
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
])
// Ready-made roles that read Secrets or grant further.
const WIDE_ROLES = /^(cluster-admin|admin|edit|system:.*)$/
const HIDDEN =
  /^(secrets|serviceaccounts\/token|nodes\/proxy|pods\/(exec|attach|portforward|proxy|ephemeralcontainers)|services\/proxy)$/
const GROUPS =
  /^(rbac\.authorization|admissionregistration|certificates|authentication|apiregistration)\.k8s\.io$/

/**
 * What a Role or a binding grants that nobody may grant from here. The API server itself refuses what goes beyond the
 * identity that sends it, in the dry run already; this list holds even where that identity may do everything.
 */
export function grantFacts(group: string, after: unknown): GrantFacts | null {
  if (group !== 'rbac.authorization.k8s.io') return null
  return {
    excessive: [
      ...treesAt(after, 'rules').flatMap(ofRule),
      ...treesAt(after, 'subjects').flatMap(ofSubject),
      ...ofRole(treeAt(after, 'roleRef')),
      // Rules another object fills in are not known yet.
      ...('clusterRoleSelectors' in treeAt(after, 'aggregationRule') ? ['rules aggregated by labels'] : []),
    ],
  }
}

function ofRule(rule: Tree): string[] {
  const texts = (key: string) => listAt(rule, key).map(String)
  const reasons: string[] = []
  for (const key of ['verbs', 'resources', 'apiGroups']) {
    if (texts(key).some((one) => one.includes('*'))) reasons.push(`${key} "*"`)
  }
  reasons.push(
    ...texts('verbs')
      .filter((verb) => ESCALATING.has(verb.toLowerCase()))
      .map((verb) => `verb ${verb}`),
  )
  reasons.push(...texts('resources').filter((one) => HIDDEN.test(one.toLowerCase())))
  reasons.push(...texts('apiGroups').filter((one) => GROUPS.test(one)))
  return reasons
}

function ofSubject(subject: Tree): string[] {
  const name = textAt(subject, 'name') ?? ''
  const everybody = EVERYBODY.has(name) || /^system:(serviceaccounts:|node)/.test(name)
  return everybody ? [`something to ${name}`] : []
}

function ofRole(role: Tree): string[] {
  const name = textAt(role, 'name') ?? ''
  return textAt(role, 'kind') === 'ClusterRole' && WIDE_ROLES.test(name) ? [`the ClusterRole ${name}`] : []
}
