import type { ChangeFacts, Level, SwitchFacts } from '../facts.ts'
import { type Finding, raise } from './finding.ts'
import { matchesKind, matchesName } from './patterns.ts'
import type { PolicySettings } from './settings.ts'

const MANY_DEPENDENTS = 20

/** Second layer, second part: why a change needs more than one click, by its nature. */
export function natureFindings(facts: ChangeFacts): Finding[] {
  const reasons: [Level, string | false][] = [
    [2, facts.type === 'delete' && `${facts.kind} ${facts.name} is deleted`],
    [2, facts.type === 'evict' && 'a pod is evicted'],
    [2, facts.type === 'exec' && 'a program is run in a container'],
    [2, facts.replicas?.after === 0 && facts.replicas.before !== 0 && 'it is scaled to zero'],
    [3, isLargeDeletion(facts) && 'many objects, or it is not known how many, go with it'],
    [2, facts.group === '' && facts.kind === 'Secret' && 'it is a Secret'],
    [3, facts.group !== '' && /secret/i.test(facts.kind) && `a ${facts.kind} can make or move Secrets`],
    [3, facts.exists && facts.ownersChanged && 'owners change: the garbage collector acts on them'],
    [
      2,
      !facts.exists && facts.finalizersChanged && 'it is made with finalizers, which can keep it from going',
    ],
    ...identity(facts),
    ...traffic(facts),
    ...podReasons(facts),
  ]
  return reasons.flatMap(([level, because]) => (because ? [raise('policy', level, because)] : []))
}

// A number that is not known counts as many, except for pods, which own nothing but themselves.
function isLargeDeletion({ type, dependents, group, kind }: ChangeFacts): boolean {
  if (type !== 'delete' || (group === '' && kind === 'Pod')) return false
  return dependents === null || dependents > MANY_DEPENDENTS
}

const SECRETS = /^(imagePullSecrets|secrets)\b/

function identity({ group, kind, changedPaths, exists }: ChangeFacts): [Level, string | false][] {
  if (group !== '' || kind !== 'ServiceAccount') return []
  const annotated = changedPaths.some((path) => /^metadata\.annotations(?!\["gatehouse\.dev\/)/.test(path))
  return [
    [2, !exists && 'a new identity for pods'],
    [2, exists && changedPaths.some((path) => SECRETS.test(path)) && 'it hands other Secrets to pods'],
    [3, annotated && 'annotations of a ServiceAccount can give it an identity outside the cluster'],
  ]
}

// Controllers paste these into their own configuration.
const SNIPPET = /^metadata\.annotations\["[^"]*snippet"\]/

const PROTECTION = new Set(['NetworkPolicy', 'PodDisruptionBudget', 'ResourceQuota', 'LimitRange', 'Lease'])
const ADDRESSES = new Set(['Endpoints', 'EndpointSlice'])
// A new Service has a type in any case; one that is reachable from outside has these as well.
const EXPOSED = /^spec\.(ports\[\d+\]\.nodePort|external\w+|loadBalancer\w*)(?![A-Za-z])/

function traffic(facts: ChangeFacts): [Level, string | false][] {
  const { kind, group, changedPaths, changedLabels, selectedBy, exists } = facts
  const relabelled = exists && changedLabels.length > 0
  return [
    [2, PROTECTION.has(kind) && `a ${kind} protects others`],
    [3, ADDRESSES.has(kind) && `${kind} decides where the traffic of a Service goes`],
    [
      2,
      kind === 'Service' &&
        group === '' &&
        changedPaths.some((path) => EXPOSED.test(path) || (exists && path === 'spec.type')) &&
        'who can reach the Service changes',
    ],
    [
      2,
      kind === 'Service' &&
        group === '' &&
        exists &&
        changedPaths.some((path) => path.startsWith('spec.selector')) &&
        'other pods get the traffic of the Service',
    ],
    [3, changedPaths.some((path) => SNIPPET.test(path)) && 'configuration of a proxy is written into it'],
    [2, relabelled && selectedBy === null && 'it is not known what selects by the changed labels'],
    [
      2,
      relabelled &&
        (selectedBy?.length ?? 0) > 0 &&
        `selected differently: ${selectedBy?.slice(0, 5).join(', ')}`,
    ],
  ]
}

function podReasons({ pods, exists, type }: ChangeFacts): [Level, string | false][] {
  if (!pods) return []
  const program = type === 'exec' || pods.images.length > 0 || pods.changedCommands.length > 0
  const elsewhere = pods.images.find(
    ({ before, after }) => before !== null && repository(before) !== repository(after),
  )
  return [
    [3, pods.keptPrivileges.length > 0 && program && `another program gets ${pods.keptPrivileges[0]}`],
    [2, pods.keptPrivileges.length > 0 && `the pods have access to the node: ${pods.keptPrivileges[0]}`],
    [2, exists && pods.newContainers.length > 0 && `a container is added: ${pods.newContainers[0]}`],
    [2, exists && pods.changedCommands.length > 0 && `another command: ${pods.changedCommands[0]}`],
    [2, elsewhere !== undefined && `${elsewhere?.container} gets its image from another repository`],
    [2, pods.concerns.length > 0 && `${pods.concerns[0]}`],
  ]
}

// registry/path without tag and digest; a colon before a slash is a port.
function repository(image: string): string {
  const [name = ''] = image.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}

/** What `require` of POLICY_FILE adds for this namespace, kind and type. */
export function requiredFindings(facts: ChangeFacts | SwitchFacts, { require }: PolicySettings): Finding[] {
  return require
    .filter(({ types, namespaces, kinds }) => {
      if (types && !types.includes(facts.type)) return false
      if (facts.type === 'switchContext') return !namespaces && !kinds
      if (namespaces && !namespaces.some((pattern) => matchesName(pattern, facts.namespace))) return false
      return !kinds || kinds.some((pattern) => matchesKind(pattern, facts))
    })
    .map(({ level, approvers, because }) => ({ layer: 'policy', level, approvers, because }))
}
