import { GatehouseError } from '@gatehouse/errors'
import { type Clusters, get, type KubeObject } from '@gatehouse/kubernetes'
import type { Operation, OperationTarget } from '../operation.ts'
import type { Check } from './checks.ts'
import { quoted, refused } from './refusal.ts'

type Writes = { write: Operation[]; checks: Check[] }

/**
 * Makes the checks of a parsed command on the live objects and returns its operations, ready to be planned: containers
 * that `set` names exist, labels are not changed without --overwrite, `expose` selects what the object selects.
 * @throws GatehouseError COMMAND_REFUSED, NOT_FOUND, UNKNOWN_KIND, …
 */
export async function prepareWrites({ write, checks }: Writes, clusters: Clusters, signal?: AbortSignal) {
  const operations = await Promise.all(write.map((one) => inItsScope(one, clusters, signal)))
  for (const check of checks) {
    const object = await read(clusters, check.target, signal)
    if (check.check === 'containers') checkContainers(object, check.names, check.target)
    else if (check.check === 'absent') checkAbsent(object, check)
    else operations[check.operation] = withSelector(operations[check.operation], object, check.target)
  }
  return operations
}

// As kubectl does: a namespace says nothing about a kind that has none.
async function inItsScope(operation: Operation, clusters: Clusters, signal: AbortSignal | undefined) {
  if (operation.type === 'switchContext' || operation.target.namespace === undefined) return operation
  const { namespace: _none, ...target } = operation.target
  const { discovery } = clusters.cluster(target.context)
  const { namespaced } = await discovery.resolve(target.kind, target.apiVersion, signal)
  return namespaced ? operation : { ...operation, target }
}

async function read(clusters: Clusters, target: OperationTarget, signal: AbortSignal | undefined) {
  const { context, kind, apiVersion, namespace, name } = target
  // Whole: a cut object could be missing what is looked for.
  const { object } = await get(clusters.cluster(context), {
    kind,
    apiVersion,
    namespace,
    name,
    signal,
    maxTokens: 200_000,
  })
  return object as KubeObject
}

function checkContainers(object: KubeObject, names: readonly string[], target: OperationTarget): void {
  const known = containersOf(object)
  const missing = names.find((name) => !known.includes(name))
  if (missing === undefined) return
  throw new GatehouseError('NOT_FOUND', `${target.kind} ${target.name} has no container ${quoted(missing)}`, {
    hint: `Its containers: ${known.join(', ') || 'none'}`,
  })
}

function containersOf(object: KubeObject): string[] {
  const spec = record(object.spec)
  const job = record(record(spec.jobTemplate).spec)
  const places = [spec, record(record(spec.template).spec), record(record(job.template).spec)]
  return places.flatMap(({ containers }) =>
    Array.isArray(containers) ? containers.map((one) => String(record(one).name)) : [],
  )
}

function checkAbsent(object: KubeObject, check: Check & { check: 'absent' }): void {
  const present = record(object.metadata[check.field])
  const taken = Object.entries(check.values).find(
    ([key, value]) => Object.hasOwn(present, key) && present[key] !== value,
  )
  if (!taken) return
  const { kind, name } = check.target
  throw refused(
    `${kind} ${name} has ${quoted(taken[0])} with another value already`,
    'Say --overwrite to change it',
  )
}

function withSelector(
  operation: Operation | undefined,
  object: KubeObject,
  target: OperationTarget,
): Operation {
  if (operation?.type !== 'create') throw refused('nothing is exposed')
  const selector = selectorOf(object)
  if (!selector) {
    throw refused(
      `${target.kind} ${target.name} does not select pods by plain labels`,
      'Use "kubectl apply -f -" with a Service',
    )
  }
  const labels = record(object.metadata.labels)
  const { metadata, spec, ...rest } = operation.object
  return {
    ...operation,
    object: {
      ...rest,
      metadata: { ...record(metadata), ...(Object.keys(labels).length > 0 && { labels }) },
      spec: { ...record(spec), selector },
    },
  }
}

// As kubectl does: a pod by its labels, a workload or Service by what it selects.
function selectorOf(object: KubeObject): Record<string, unknown> | undefined {
  const selector = record(record(object.spec).selector)
  const isPod = object.kind === 'Pod'
  if (!isPod && Array.isArray(selector.matchExpressions) && selector.matchExpressions.length > 0)
    return undefined
  const found = isPod
    ? record(object.metadata.labels)
    : 'matchLabels' in selector || 'matchExpressions' in selector
      ? record(selector.matchLabels)
      : selector
  const plain = Object.values(found).every((value) => typeof value === 'string')
  return plain && Object.keys(found).length > 0 ? found : undefined
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
