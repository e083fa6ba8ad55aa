import type { ChangeFacts, PodSpecFacts, SwitchFacts } from '../../facts.ts'

const NO_PODS: PodSpecFacts = {
  newPrivileges: [],
  keptPrivileges: [],
  newSecretRefs: [],
  serviceAccounts: [],
  images: [],
  newContainers: [],
  changedCommands: [],
  concerns: [],
}

/**
 * What rules see as `change`. Every field is always there, so that a rule needs no guards: texts empty, lists empty and
 * numbers -1 where a change has no such thing or it is not known.
 */
export function ruleInput(facts: ChangeFacts | SwitchFacts) {
  const isSwitch = facts.type === 'switchContext'
  const change = isSwitch ? undefined : facts
  const pods = change?.pods ?? NO_PODS
  return {
    type: facts.type,
    context: facts.context,
    server: isSwitch ? facts.server : '',
    group: change?.group ?? '',
    kind: change?.kind ?? '',
    resource: change?.resource ?? '',
    namespaced: change?.namespaced ?? false,
    namespace: change?.namespace ?? '',
    name: change?.name ?? '',
    exists: change?.exists ?? false,
    changedPaths: change?.changedPaths ?? [],
    changedLabels: change?.changedLabels ?? [],
    ownersChanged: change?.ownersChanged ?? false,
    replicasBefore: change?.replicas?.before ?? -1,
    replicasAfter: change?.replicas?.after ?? -1,
    dependents: change?.dependents ?? -1,
    selectedBy: change?.selectedBy ?? [],
    gracePeriodSeconds: change?.gracePeriodSeconds ?? -1,
    command: change?.command ?? [],
    planSize: facts.planSize,
    requester: { ...facts.requester },
    newSecretRefs: pods.newSecretRefs,
    keptPrivileges: pods.keptPrivileges,
    serviceAccounts: pods.serviceAccounts.map(({ after }) => after),
    images: pods.images.map((image) => ({ ...image, before: image.before ?? '' })),
    newContainers: pods.newContainers,
    changedCommands: pods.changedCommands,
    concerns: pods.concerns,
  }
}

const EXAMPLE = ruleInput({
  type: 'switchContext',
  server: 's',
  context: 'c',
  planSize: 1,
  requester: { subject: 's', kind: 'agent', changesLastHour: 0 },
})

/** Names a rule can read: `change.<field>` and `change.requester.<field>`. */
export const RULE_FIELDS: readonly string[] = Object.keys(EXAMPLE)
export const REQUESTER_FIELDS: readonly string[] = Object.keys(EXAMPLE.requester)

/** What CEL is given for a value: whole numbers as int, so that they compare with the literals people write. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(Math.trunc(value))
  if (Array.isArray(value)) return value.map(toCel)
  if (value === null || typeof value !== 'object') return value
  return new Map(Object.entries(value).map(([key, one]) => [key, toCel(one)]))
}
