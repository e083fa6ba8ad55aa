/** What a server promises about the kinds it touches. */
export interface Profile {
  name: 'standard' | 'strict'
  /** Plurals in the core group that are refused for every verb. */
  blockedResources: ReadonlySet<string>
  clusterScope: boolean
  /** Methods of mutating requests that the executor may send at all. */
  mutations: ReadonlySet<string>
  /** Namespaces this installation lives in, where nothing is changed; omitted: OWN_NAMESPACES. */
  ownNamespaces?: ReadonlySet<string>
}

export const profiles: Record<Profile['name'], Profile> = {
  standard: {
    name: 'standard',
    blockedResources: new Set(),
    clusterScope: true,
    mutations: new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'GET']),
  },
  strict: {
    name: 'strict',
    blockedResources: new Set(['secrets', 'configmaps']),
    clusterScope: false,
    mutations: new Set(['DELETE']),
  },
}
