/** What a server promises about the kinds it touches. */
export interface Profile {
  name: 'standard' | 'strict'
  /** Plurals in the core group that are refused for every verb. */
  blockedResources: ReadonlySet<string>
  clusterScope: boolean
}

export const profiles: Record<Profile['name'], Profile> = {
  standard: { name: 'standard', blockedResources: new Set(), clusterScope: true },
  strict: { name: 'strict', blockedResources: new Set(['secrets', 'configmaps']), clusterScope: false },
}
