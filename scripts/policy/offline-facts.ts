import type { Operation } from '../../shared/operations/src/index.ts'
import {
  type ChangeFacts,
  knownKind,
  type ObjectFacts,
  objectFacts,
  type RequesterFacts,
  type SwitchFacts,
} from '../../shared/policy/src/gate/index.ts'

/** What an operation says about itself. Whatever only a cluster knows is taken as not known, which never helps. */
export function offlineFacts(
  operation: Operation,
  requester: RequesterFacts,
  planSize: number,
): ChangeFacts | SwitchFacts {
  if (operation.type === 'switchContext') {
    const { type, server, context } = operation
    return { type, server, context, requester, planSize }
  }
  const { target, type } = operation
  const known = knownKind(target.kind)
  if (!known) throw new Error(`Without a cluster the kind "${target.kind}" is not known; set KUBECONFIG`)
  const { group, kind, plural, namespaced } = known
  return {
    ...objectPart(operation, group, kind),
    type,
    context: target.context ?? 'default',
    group,
    kind,
    resource: plural,
    namespaced,
    namespace: namespaced ? (target.namespace ?? 'default') : '',
    name: target.name,
    requester,
    planSize,
    force: false,
    gracePeriodSeconds: 'gracePeriodSeconds' in operation ? (operation.gracePeriodSeconds ?? null) : null,
    command: type === 'exec' ? [...operation.command] : null,
    existing: { secrets: [], serviceAccounts: ['default'] },
    dependents: null,
    selectedBy: null,
  }
}

// A patch is read like an object that grows out of nothing: what it adds is seen, what it takes away is not.
function objectPart(
  operation: Exclude<Operation, { type: 'switchContext' }>,
  group: string,
  kind: string,
): ObjectFacts {
  const { type } = operation
  const facts = (before: unknown, after: unknown) => objectFacts({ type, group, kind, before, after })
  switch (operation.type) {
    case 'create':
    case 'apply':
      return facts(undefined, operation.object)
    case 'patch': {
      if (!Array.isArray(operation.patch)) return facts({}, operation.patch)
      const paths = operation.patch.map(({ path }) => String(path).slice(1).replaceAll('/', '.'))
      return { ...facts({}, {}), changedPaths: paths, pods: null }
    }
    case 'scale':
      return { ...facts({}, {}), replicas: { before: null, after: operation.replicas } }
    default:
      return facts({}, undefined)
  }
}
