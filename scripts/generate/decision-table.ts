import {
  type ChangeFacts,
  type ChangeType,
  decide,
  KINDS,
  type KnownKind,
  type Policy,
  parsePolicy,
} from '../../shared/policy/src/gate/index.ts'
import { table } from './tables.ts'

const VERBS: [string, ChangeType][] = [
  ['create', 'create'],
  ['apply, patch', 'patch'],
  ['scale', 'scale'],
  ['restart', 'restart'],
  ['rollback', 'rollback'],
  ['delete', 'delete'],
  ['evict', 'evict'],
  ['exec', 'exec'],
]
const EVERYWHERE: ReadonlySet<ChangeType> = new Set(['create', 'patch', 'delete'])

/** Kinds × verbs → what the gate decides, asked of the gate itself: a Markdown table for docs/policy.md. */
export async function decisionTable(): Promise<string> {
  const [usual, widest] = await Promise.all([parsePolicy('version: 1', 'defaults'), widestPolicy()])
  const rows = [...KINDS, CUSTOM].map((kind) => [
    kind === CUSTOM ? 'custom resource in a namespace' : `\`${kind.kind}\``,
    ...VERBS.map(([, type]) => (applies(kind, type) ? cell(factsFor(kind, type), usual, widest) : '')),
  ])
  return table(['Kind', ...VERBS.map(([name]) => name)], rows)
}

/** What a change holds → what the gate decides. */
export async function contentTable(): Promise<string> {
  const [usual, widest] = await Promise.all([parsePolicy('version: 1', 'defaults'), widestPolicy()])
  const rows = CONTENT.map(([what, facts]) => [
    what,
    cell({ ...factsFor(DEPLOYMENT, 'patch'), ...facts }, usual, widest),
  ])
  return table(['What the change holds or does', 'Decision'], rows)
}

const CUSTOM: KnownKind = { kind: 'Widget', group: 'example.com', plural: 'widgets', namespaced: true }
const DEPLOYMENT: KnownKind = { kind: 'Deployment', group: 'apps', plural: 'deployments', namespaced: true }

// Everything a file can allow.
function widestPolicy(): Promise<Policy> {
  const allow = {
    kinds: ['Namespace', 'Role', 'RoleBinding', 'CustomResourceDefinition', 'StorageClass.storage.k8s.io'],
    secretRefs: 'any',
    serviceAccounts: 'any',
    nodes: true,
  }
  return parsePolicy(JSON.stringify({ version: 1, allow }), 'widest')
}

function applies({ can = [] }: KnownKind, type: ChangeType): boolean {
  return EVERYWHERE.has(type) || can.some((one) => one === type)
}

function cell(facts: ChangeFacts, usual: Policy, widest: Policy): string {
  const decision = decide(facts, usual)
  if ('level' in decision) return String(decision.level)
  const allowed = decide(facts, widest)
  return 'level' in allowed ? `only by POLICY_FILE, then ${allowed.level}` : 'never'
}

function factsFor({ kind, group, plural, namespaced }: KnownKind, type: ChangeType): ChangeFacts {
  const isSecret = group === '' && kind === 'Secret'
  const isNode = group === '' && kind === 'Node'
  const rbac = group === 'rbac.authorization.k8s.io'
  return {
    ...nothing,
    type,
    group,
    kind,
    resource: plural,
    namespaced,
    namespace: namespaced ? 'shop' : '',
    exists: type !== 'create',
    changedPaths:
      type === 'patch' ? [isSecret ? 'data.key' : isNode ? 'spec.unschedulable' : 'spec.field'] : [],
    onlyCordon: isNode && type === 'patch',
    command: type === 'exec' ? ['ls'] : null,
    grants: rbac ? { excessive: [] } : null,
  }
}

const nothing: Omit<ChangeFacts, 'type' | 'group' | 'kind' | 'resource' | 'namespaced' | 'namespace'> = {
  context: 'context',
  name: 'name',
  exists: true,
  changedPaths: [],
  finalizersChanged: false,
  ownersChanged: false,
  generatedName: false,
  changedLabels: [],
  replicas: null,
  deletesClaims: false,
  pods: null,
  grants: null,
  onlyCordon: false,
  requester: { subject: 'agent', kind: 'agent', changesLastHour: 0 },
  planSize: 1,
  force: false,
  gracePeriodSeconds: null,
  command: null,
  existing: { secrets: ['known'], serviceAccounts: ['known'] },
  dependents: 0,
  selectedBy: [],
}

const pods = (other: Partial<NonNullable<ChangeFacts['pods']>>): Partial<ChangeFacts> => ({
  pods: {
    newPrivileges: [],
    keptPrivileges: [],
    newSecretRefs: [],
    serviceAccounts: [],
    images: [],
    newContainers: [],
    changedCommands: [],
    concerns: [],
    ...other,
  },
})

const CONTENT: [string, Partial<ChangeFacts>][] = [
  ['anything in `kube-*`', { namespace: 'kube-system' }],
  ['anything in the namespace Gatehouse runs in', { namespace: 'gatehouse' }],
  ['hostPath, host namespaces, privileged, added capabilities', pods({ newPrivileges: ['hostPID'] })],
  [
    'another program in a pod that has such access already',
    pods({ keptPrivileges: ['hostPID'], changedCommands: ['a'] }),
  ],
  ['a new reference to a Secret that exists there', pods({ newSecretRefs: ['known'] })],
  ['a new reference to a Secret that does not', pods({ newSecretRefs: ['other'] })],
  [
    'another `serviceAccountName` that exists there',
    pods({ serviceAccounts: [{ before: null, after: 'known' }] }),
  ],
  ['another one that does not', pods({ serviceAccounts: [{ before: null, after: 'other' }] })],
  ['another tag of the same image', pods({ images: [{ container: 'a', before: 'a:1', after: 'a:2' }] })],
  ['an image from another repository', pods({ images: [{ container: 'a', before: 'a:1', after: 'b:1' }] })],
  ['an added container', pods({ newContainers: ['a'] })],
  ['another command, also in probes and hooks', pods({ changedCommands: ['a'] })],
  ['root, hostPort, unconfined profiles, extra ServiceAccount tokens', pods({ concerns: ['a'] })],
  ['finalizers of an existing object', { finalizersChanged: true }],
  ['owner references', { ownersChanged: true }],
  [
    'labels that a Service, NetworkPolicy or budget selects by',
    { changedLabels: ['a'], selectedBy: ['Service a'] },
  ],
  ['scaling to zero', { type: 'scale', replicas: { before: 2, after: 0 } }],
  ['deletion that takes PersistentVolumeClaims along', { type: 'delete', deletesClaims: true }],
  ['deletion that takes more than 20 objects along', { type: 'delete', dependents: 21 }],
  ['no grace period', { type: 'delete', gracePeriodSeconds: 0 }],
  ['generated names', { generatedName: true, exists: false, type: 'create' }],
]
