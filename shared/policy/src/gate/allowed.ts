import type { ChangeFacts } from '../facts.ts'
import { deny, type Finding, raise } from './finding.ts'
import { matchesKind, matchesName } from './patterns.ts'
import type { Policy } from './policy.ts'
import { allowsKind, type PolicySettings } from './settings.ts'

const RBAC = 'rbac.authorization.k8s.io'
const CORDON_HINT = 'set allow.nodes in POLICY_FILE'

/** Second layer, first part: what POLICY_FILE forbids, and what only it can allow, then at a raised level. */
export function configuredFindings(facts: ChangeFacts, settings: PolicySettings): Finding[] {
  return [
    ...places(facts, settings),
    ...budgets(facts, settings),
    ...scope(facts, settings),
    ...podReferences(facts, settings),
    ...(facts.type === 'exec' && !settings.allow.exec
      ? [deny('policy', 'exec is switched off: allow.exec is false in POLICY_FILE')]
      : []),
  ]
}

function places(facts: ChangeFacts, { namespaces, kinds }: PolicySettings): Finding[] {
  const findings: Finding[] = []
  const { namespace, kind, group, name } = facts
  const place = group === '' && kind === 'Namespace' ? name : namespace
  if (place !== '') {
    if (!namespaces.allow.some((pattern) => matchesName(pattern, place))) {
      findings.push(deny('policy', `Namespace ${place} is not among namespaces.allow of POLICY_FILE`))
    }
    const denied = namespaces.deny.find((pattern) => matchesName(pattern, place))
    if (denied) findings.push(deny('policy', `Namespace ${place} is denied by namespaces.deny (${denied})`))
  }
  const denied = kinds.deny.find((pattern) => matchesKind(pattern, { kind, group }))
  if (denied) findings.push(deny('policy', `${kind} is denied by kinds.deny (${denied})`))
  return findings
}

function budgets(facts: ChangeFacts, { budgets }: PolicySettings): Finding[] {
  const findings: Finding[] = []
  if (facts.type === 'delete' && facts.dependents !== null && facts.dependents > budgets.dependents) {
    const text = `${facts.dependents} objects would go with it, at most ${budgets.dependents} may (budgets.dependents)`
    findings.push(deny('policy', text))
  }
  return findings
}

// What has no namespace, and what grants permissions: nothing but what is allowed by name.
function scope(facts: ChangeFacts, { allow }: PolicySettings): Finding[] {
  const { namespaced, group, kind } = facts
  if (group === '' && kind === 'Node') return nodes(facts, allow.nodes)
  const grants = group === RBAC && (kind === 'Role' || kind === 'RoleBinding')
  if (namespaced && !grants) return []
  if (!allow.kinds.some((entry) => allowsKind(entry, { kind, group }))) {
    const what = grants
      ? `${kind}s are not made`
      : `${kind} has no namespace, and cluster-wide nothing is changed`
    const entry = group === '' || grants ? kind : `${kind}.${group}`
    return [deny('policy', `${what} unless allow.kinds of POLICY_FILE names ${entry}`)]
  }
  if (
    kind === 'CustomResourceDefinition' &&
    (facts.exists || (facts.type !== 'create' && facts.type !== 'apply'))
  ) {
    return [deny('policy', 'allow.kinds lets CustomResourceDefinitions be made, not changed')]
  }
  return [raise('policy', 3, `${kind} is only possible because allow.kinds names it`)]
}

/** Whether objects without a namespace of this kind are worth planning: the policy could let one through. */
export function allowsClusterWide(
  { settings }: Policy,
  { kind, group }: { kind: string; group: string },
): boolean {
  if (group === '' && kind === 'Node') return settings.allow.nodes
  return settings.allow.kinds.some((entry) => allowsKind(entry, { kind, group }))
}

function nodes(facts: ChangeFacts, allowed: boolean): Finding[] {
  if (!facts.onlyCordon || facts.type !== 'patch') {
    return [deny('policy', 'Of Nodes only spec.unschedulable (cordon) can be changed')]
  }
  if (!allowed) return [deny('policy', `Nodes are not cordoned unless allowed: ${CORDON_HINT}`)]
  return [raise('policy', 3, 'a Node is cordoned or uncordoned (allow.nodes)')]
}

function podReferences({ pods, existing }: ChangeFacts, { allow }: PolicySettings): Finding[] {
  const findings = (pods?.newSecretRefs ?? []).map((name) =>
    reference(`Secret ${name}`, allow.secretRefs, existing.secrets.includes(name), 'allow.secretRefs'),
  )
  for (const { after } of pods?.serviceAccounts ?? []) {
    const exists = existing.serviceAccounts.includes(after)
    findings.push(
      reference(`ServiceAccount ${after}`, allow.serviceAccounts, exists, 'allow.serviceAccounts'),
    )
  }
  return findings
}

function reference(
  what: string,
  allowed: 'none' | 'existing' | 'any',
  exists: boolean,
  setting: string,
): Finding {
  if (allowed === 'none') return deny('policy', `Pods get no new reference to ${what}: ${setting} is none`)
  if (allowed === 'existing' && !exists) {
    return deny(
      'policy',
      `Pods get a reference to ${what}, which does not exist there (${setting}: existing)`,
    )
  }
  return raise('policy', 2, `pods get a new reference to ${what}`)
}
