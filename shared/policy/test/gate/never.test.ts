import { describe, expect, it } from 'vitest'
import { type ChangeFacts, decide, parsePolicy } from '../../src/gate/index.ts'
import { change, core, pods, rbac } from './change.ts'

// Everything a file can allow is allowed: what is denied below is denied whatever the configuration.
const widest = await parsePolicy(
  `version: 1
allow:
  kinds: [Namespace, Role, RoleBinding, CustomResourceDefinition, StorageClass.storage.k8s.io]
  secretRefs: any
  serviceAccounts: any
  exec: true
  nodes: true
budgets: { changesPerHour: 100000, operationsPerPlan: 100, dependents: 100000 }
`,
  'widest.yaml',
  { ownNamespaces: ['platform'] },
)
const denials = (facts: unknown) => {
  const decision = decide(facts as ChangeFacts, widest)
  return 'denied' in decision ? decision.denied.join('\n') : undefined
}

const NODE = { ...core('Node', 'nodes', false), name: 'n1' }
const CLAIM = core('PersistentVolumeClaim', 'persistentvolumeclaims')
const CRD = {
  ...core('CustomResourceDefinition', 'customresourcedefinitions', false),
  group: 'apiextensions.k8s.io',
}

describe('never, whatever the configuration (operations.md, Gate, left column)', () => {
  it.each<[string, Partial<ChangeFacts>, RegExp]>([
    [
      'a Secret is made',
      { ...core('Secret', 'secrets'), type: 'create', exists: false, changedPaths: ['data.key'] },
      /Content of Secrets/,
    ],
    [
      'a Secret is applied anew',
      { ...core('Secret', 'secrets'), type: 'apply', exists: false, changedPaths: [] },
      /Content of Secrets/,
    ],
    [
      'a Secret gets another value',
      { ...core('Secret', 'secrets'), changedPaths: ['metadata.labels.a', 'data.key'] },
      /data\.key would change/,
    ],
    [
      'a Secret gets another type',
      { ...core('Secret', 'secrets'), changedPaths: ['type'] },
      /Content of Secrets/,
    ],
    [
      'more of a Secret than is listed',
      { ...core('Secret', 'secrets'), changedPaths: ['metadata.labels.a', '…'] },
      /Content of Secrets/,
    ],
    [
      'a Helm record',
      { ...core('Secret', 'secrets'), type: 'delete', name: 'sh.helm.release.v1.web.v3' },
      /Helm/,
    ],
    [
      'a token is asked for',
      {
        ...core('TokenRequest', 'tokenrequests'),
        group: 'authentication.k8s.io',
        type: 'create',
        exists: false,
      },
      /Tokens/,
    ],
    [
      'an access review',
      {
        ...core('SubjectAccessReview', 'subjectaccessreviews', false),
        group: 'authorization.k8s.io',
        type: 'create',
        exists: false,
      },
      /Access reviews/,
    ],
    [
      'a ClusterRole',
      { ...rbac('ClusterRole', 'clusterroles', false), type: 'create', exists: false },
      /Cluster-wide RBAC/,
    ],
    [
      'a ClusterRoleBinding',
      { ...rbac('ClusterRoleBinding', 'clusterrolebindings', false), type: 'delete' },
      /Cluster-wide RBAC/,
    ],
    ['an existing Role', { ...rbac('Role', 'roles', true), type: 'patch' }, /Existing Roles/],
    [
      'a Role applied over another',
      { ...rbac('Role', 'roles', true), type: 'apply', exists: true },
      /Existing Roles/,
    ],
    ['a Role is deleted', { ...rbac('RoleBinding', 'rolebindings', true), type: 'delete' }, /Existing Roles/],
    [
      'a Role that grants too much',
      { ...rbac('Role', 'roles', true), type: 'create', exists: false, grants: { excessive: ['verbs "*"'] } },
      /not granted.*verbs/,
    ],
    [
      'a Role nobody judged',
      { ...rbac('Role', 'roles', true), type: 'create', exists: false, grants: null },
      /could not be judged/,
    ],
    [
      'a webhook',
      {
        ...core('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false),
        group: 'admissionregistration.k8s.io',
        type: 'delete',
      },
      /Admission/,
    ],
    [
      'an admission policy',
      {
        ...core('ValidatingAdmissionPolicy', 'validatingadmissionpolicies', false),
        group: 'admissionregistration.k8s.io',
      },
      /Admission/,
    ],
    [
      'a CSR',
      {
        ...core('CertificateSigningRequest', 'certificatesigningrequests', false),
        group: 'certificates.k8s.io',
        type: 'create',
        exists: false,
      },
      /Certificate/,
    ],
    [
      'an APIService',
      { ...core('APIService', 'apiservices', false), group: 'apiregistration.k8s.io' },
      /Aggregated/,
    ],
    [
      'a Namespace is deleted',
      { ...core('Namespace', 'namespaces', false), name: 'shop', type: 'delete' },
      /namespaces are never deleted/,
    ],
    ['a Node is deleted', { ...NODE, type: 'delete' }, /nodes are never deleted/],
    ['a Node is made', { ...NODE, type: 'create', exists: false }, /Nodes are not made/],
    [
      'a PersistentVolume is deleted',
      { ...core('PersistentVolume', 'persistentvolumes', false), type: 'delete' },
      /never deleted/,
    ],
    ['a claim is deleted', { ...CLAIM, type: 'delete' }, /never deleted/],
    ['a claim gets an owner that is gone', { ...CLAIM, ownersChanged: true }, /could delete them/],
    [
      'claims go with their StatefulSet',
      { kind: 'StatefulSet', resource: 'statefulsets', type: 'delete', deletesClaims: true },
      /not deleted along/,
    ],
    ['a CRD is deleted', { ...CRD, type: 'delete' }, /never deleted/],
    ['kube-system', { namespace: 'kube-system' }, /Nothing in kube-system/],
    [
      'kube-public',
      { ...core('ConfigMap', 'configmaps'), namespace: 'kube-public' },
      /Nothing in kube-public/,
    ],
    ['any kube-*', { namespace: 'kube-flannel', type: 'restart' }, /Nothing in kube-flannel/],
    [
      'a Namespace called kube-…',
      { ...core('Namespace', 'namespaces', false), name: 'kube-x', type: 'create', exists: false },
      /Nothing in kube-x/,
    ],
    ['our own namespace', { namespace: 'gatehouse', type: 'scale' }, /where Gatehouse runs/],
    ['our own namespace by setting', { namespace: 'platform', type: 'delete' }, /where Gatehouse runs/],
    ['no name', { name: '' }, /by its name/],
    ['a wildcard', { name: '*' }, /by its name/],
    ['two names', { name: 'a,b' }, /by its name/],
    ['a selector', { name: 'app=web' }, /by its name/],
    ['a path', { name: 'web/scale' }, /by its name/],
    ['a look-alike', { name: 'wеb' }, /by its name/],
    ['all namespaces', { namespace: '*' }, /one namespace/],
    ['no namespace where there must be one', { namespace: '' }, /does not fit/],
    [
      'a namespace where there is none',
      { ...core('StorageClass', 'storageclasses', false), group: 'storage.k8s.io', namespace: 'shop' },
      /does not fit/,
    ],
    ['a List', { kind: 'DeploymentList' }, /Lists are not/],
    ['a generated name', { type: 'create', exists: false, generatedName: true }, /Generated names/],
    ['bulk', { planSize: 101 }, /more than 100 operations/],
    ['finalizers', { finalizersChanged: true }, /Finalizers/],
    ['force', { type: 'apply', force: true }, /by force/],
    ['no grace period', { ...core('Pod', 'pods'), type: 'delete', gracePeriodSeconds: 0 }, /without notice/],
    ['hostPath', { pods: pods({ newPrivileges: ['spec.hostPath /'] }) }, /hostPath \//],
    [
      'hostNetwork in a new pod',
      {
        ...core('Pod', 'pods'),
        type: 'create',
        exists: false,
        pods: pods({ newPrivileges: ['spec.hostNetwork'] }),
      },
      /hostNetwork/,
    ],
    ['exec without a command', { ...core('Pod', 'pods'), type: 'exec' }, /argument vector/],
    ['exec in something else', { type: 'exec', command: ['ls'] }, /pods only/],
    ['a binding of a pod', { ...core('Binding', 'bindings'), type: 'create', exists: false }, /not bound/],
    [
      'pod security of a namespace',
      {
        ...core('Namespace', 'namespaces', false),
        name: 'shop',
        changedPaths: ['metadata.labels["pod-security.kubernetes.io/enforce"]'],
      },
      /Pod security/,
    ],
  ])('%s', (_what, facts, reason) => {
    expect(denials(change(facts))).toMatch(reason)
  })
})

describe('facts that cannot be judged deny', () => {
  const whole = change()
  it.each(Object.keys(whole))('without %s', (key) => {
    const { [key as keyof ChangeFacts]: _gone, ...rest } = whole
    expect(denials(rest)).toMatch(/missing or not understood/)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'delete everything'],
    ['an unknown type', { ...whole, type: 'deletecollection' }],
    ['an unknown fact', { ...whole, subresource: 'proxy' }],
    ['an unknown fact about pods', { ...whole, pods: { ...pods(), windows: true } }],
    ['a number that is none', { ...whole, planSize: Number.NaN }],
    ['a type from the prototype', { ...whole, type: '__proto__' }],
    ['a requester without a name', { ...whole, requester: { ...whole.requester, subject: '' } }],
  ])('%s', (_what, facts) => expect(denials(facts)).toMatch(/missing or not understood/))

  it('a getter that throws', () => {
    const trap = Object.defineProperty({ ...whole }, 'kind', {
      enumerable: true,
      get: () => {
        throw new Error('x')
      },
    })
    expect(denials(trap)).toMatch(/The gate failed/)
  })
})
