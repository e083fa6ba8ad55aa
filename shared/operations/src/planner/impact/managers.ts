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

// What the cluster says about itself stands in a sentence of ours only where it cannot be a sentence.
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/@-]{0,200}$/
const named = (text: string): string => (NAME.test(text) ? text : '(with an odd name)')

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
    .map(({ kind, name }) => `It belongs to ${named(kind)} ${named(name)}, which decides what it is`)
  const found = SIGNS.find(([key]) => key in labels || key in annotations)
  if (found) {
    const [key, manager] = found
    const name = named((annotations[key] ?? labels[key] ?? '').split(':')[0] ?? '')
    sentences.push(`${manager} ${name} manages it: this change is drift, and its next update takes it back`)
  } else if (labels['app.kubernetes.io/managed-by']) {
    const manager = named(labels['app.kubernetes.io/managed-by'])
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
    .map(({ manager = 'unknown' }) => named(manager))
  return [...new Set(names)].slice(0, 5)
}
