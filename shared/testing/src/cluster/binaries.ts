/** Versions are pinned here and in the go.mod files under go/; a test compares the two. */
export const VERSIONS = { kubernetes: 'v1.36.3', etcd: 'v3.6.16', kwok: 'v0.8.0', helm: 'v4.3.1' } as const

/** One program of the test cluster and how to build it. */
export type Binary = { name: string; module: keyof typeof VERSIONS; package: string; stamp: string[] }

const KUBERNETES_STAMP = [
  // Without these, clients see v0.0.0 and refuse features by version.
  `k8s.io/component-base/version.gitVersion=${VERSIONS.kubernetes}`,
  'k8s.io/component-base/version.gitMajor=1',
  'k8s.io/component-base/version.gitMinor=36',
  'k8s.io/component-base/version.gitTreeState=clean',
]

const kubernetes = (name: string): Binary => ({
  name,
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  stamp: KUBERNETES_STAMP,
})

/** All seven, the quick ones first so that a mistake in the set-up shows early. */
export const BINARIES: Binary[] = [
  { name: 'etcd', module: 'etcd', package: '.', stamp: [] },
  {
    name: 'kwok',
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    stamp: [`sigs.k8s.io/kwok/pkg/consts.Version=${VERSIONS.kwok}`],
  },
  kubernetes('kube-apiserver'),
  kubernetes('kube-controller-manager'),
  kubernetes('kube-scheduler'),
  kubernetes('kubectl'),
  {
    name: 'helm',
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    stamp: [`helm.sh/helm/v4/internal/version.version=${VERSIONS.helm}`],
  },
]
