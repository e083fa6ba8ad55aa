/** What a deletion is about, as far as policy judges it. */
export interface DeleteFacts {
  namespace?: string | undefined
  group?: string | undefined
  plural: string
}

// Deleting one of these destroys data or other people's work beyond the object itself.
const NEVER = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'customresourcedefinitions',
])
const WORDS: Record<string, string> = {
  namespace: 'namespaces',
  ns: 'namespaces',
  node: 'nodes',
  no: 'nodes',
  persistentvolume: 'persistentvolumes',
  pv: 'persistentvolumes',
  persistentvolumeclaim: 'persistentvolumeclaims',
  pvc: 'persistentvolumeclaims',
  customresourcedefinition: 'customresourcedefinitions',
  crd: 'customresourcedefinitions',
  crds: 'customresourcedefinitions',
}

/** Why a deletion is refused whatever the configuration, or undefined. `plural` may be any name of the kind. */
export function denyDelete({ namespace, group = '', plural }: DeleteFacts): string | undefined {
  const name = WORDS[plural] ?? plural
  const ours = group === '' || group === 'apiextensions.k8s.io'
  if (ours && NEVER.has(name)) return `${name} are never deleted from here`
  if (namespace?.startsWith('kube-')) return `Nothing in ${namespace} is changed from here`
  return undefined
}
