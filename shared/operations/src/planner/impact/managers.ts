import type { KubeObject } from '@gatehouse/kubernetes'

// Label or annotation → who manages the object by it.
const SIGNS: [key: string, manager: string][] = [
  ['meta.helm.sh/release-name', 'Helm release'],
  ['argocd.argoproj.io/instance', 'Argo CD application'],
  ['argocd.argoproj.io/tracking-id', 'Argo CD application'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux kustomization'],
  ['helm.toolkit.fluxcd.io/name', 'Flux Helm release'],
  ['config.k8s.io/owning-inventory', 'Config Sync inventory'],
]
// Controllers of Kubernetes itself write status and bookkeeping.
const QUIET = /^(kube-|gatehouse$|kubelet$|kwok)/

interface ManagedFields {
  manager?: string
  operation?: string
  subresource?: string
}

/** Who else takes care of an object, and so may undo a change made behind his back. */
export function managerSentences(live: KubeObject | undefined): string[] {
  if (!live) return []
  const { labels = {}, annotations = {}, ownerReferences = [] } = live.metadata
  const sentences = ownerReferences
    .filter(({ controller }) => controller)
    .map(({ kind, name }) => `It belongs to ${kind} ${name}, which decides what it is`)
  const found = SIGNS.find(([key]) => key in labels || key in annotations)
  if (found) {
    const [key, manager] = found
    const name = (annotations[key] ?? labels[key] ?? '').split(':')[0]
    sentences.push(`${manager} ${name} manages it: this change is drift, and its next update takes it back`)
  } else if (labels['app.kubernetes.io/managed-by']) {
    const manager = labels['app.kubernetes.io/managed-by']
    sentences.push(`${manager} manages it: this change is drift, and its next update may take it back`)
  }
  const others = otherManagers(live)
  if (others.length > 0) sentences.push(`Its fields are also written by ${others.join(', ')}`)
  return sentences
}

function otherManagers({ metadata }: KubeObject): string[] {
  const fields: ManagedFields[] = Array.isArray(metadata.managedFields) ? metadata.managedFields : []
  const names = fields
    .filter(({ manager = '', subresource }) => subresource !== 'status' && !QUIET.test(manager))
    .map(({ manager = 'unknown' }) => manager)
  return [...new Set(names)].slice(0, 5)
}
