import type { ChangeFacts, PodSpecFacts } from '../../src/gate/index.ts'

/** A harmless change: a Deployment in `shop` gets an annotation. */
export function change(other: Partial<ChangeFacts> = {}): ChangeFacts {
  return {
    type: 'patch',
    context: 'test',
    group: 'apps',
    kind: 'Deployment',
    resource: 'deployments',
    namespaced: true,
    namespace: 'shop',
    name: 'web',
    exists: true,
    changedPaths: ['metadata.annotations.note'],
    finalizersChanged: false,
    ownersChanged: false,
    generatedName: false,
    changedLabels: [],
    replicas: null,
    deletesClaims: false,
    pods: null,
    grants: null,
    onlyCordon: false,
    requester: { subject: 'agent-1', kind: 'agent', changesLastHour: 0 },
    planSize: 1,
    force: false,
    gracePeriodSeconds: null,
    command: null,
    existing: { secrets: [], serviceAccounts: ['default'] },
    dependents: 0,
    selectedBy: [],
    ...other,
  }
}

export function pods(other: Partial<PodSpecFacts> = {}): PodSpecFacts {
  return {
    newPrivileges: [],
    keptPrivileges: [],
    newSecretRefs: [],
    serviceAccounts: [],
    images: [],
    newContainers: [],
    changedCommands: [],
    concerns: [],
    ...other,
  }
}

export const core = (kind: string, resource: string, namespaced = true): Partial<ChangeFacts> => ({
  group: '',
  kind,
  resource,
  namespaced,
  namespace: namespaced ? 'shop' : '',
})

export const rbac = (kind: string, resource: string, namespaced: boolean): Partial<ChangeFacts> => ({
  ...core(kind, resource, namespaced),
  group: 'rbac.authorization.k8s.io',
  grants: { excessive: [] },
})
