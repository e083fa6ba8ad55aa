import type { Cluster, KubeObject } from '../client/cluster.ts'
import { conditionFindings, viewConditions } from '../describe/conditions.ts'
import { cutToFit, omittedNote } from '../describe/cut.ts'
import { describerOf } from '../describe/describers.ts'
import type { Description, Explained, Related, Subject } from '../describe/description.ts'
import { mergeEvents } from '../describe/events.ts'
import { kinds } from '../describe/kinds.ts'
import { age, oneLine } from '../describe/phrase.ts'
import { Reader } from '../describe/reader.ts'
import type { Condition, KubeEvent } from '../describe/shapes.ts'
import { type Got, get, locate, type ObjectQuery, readObject } from './get.ts'

const MOST_FINDINGS = 12
const DEFAULT_TOKENS = 4_000
// Findings, conditions and events have bounds of their own; the facts get what a reply has besides.
const SHARE_OF_FACTS = 0.5

/** Explains one object in one reply: what it is, what is wrong with it and where to look. Two rounds of parallel reads. */
export async function describe(cluster: Cluster, query: ObjectQuery): Promise<Description> {
  const { resource, namespace } = await locate(cluster, query)
  const reader = new Reader(cluster, query.signal)
  // Events of objects without a namespace are kept in `default`.
  const about = `involvedObject.kind=${resource.kind},involvedObject.name=${query.name}`
  const [object, events = []] = await Promise.all([
    readObject(cluster, resource, namespace, query),
    reader.list<KubeEvent>(kinds.events, namespace ?? 'default', { fieldSelector: about }),
  ])
  const subject: Subject = { cluster, resource, object, namespace, events, reader, now: Date.now() }
  const [explained, owners] = await Promise.all([describerOf(resource)(subject), ownersOf(subject)])
  return compose(subject, explained, owners, query.maxTokens ?? DEFAULT_TOKENS)
}

/** A pod as it is, or explained. */
export function getPod(
  cluster: Cluster,
  query: Omit<ObjectQuery, 'kind'> & { format?: 'yaml' | 'describe' | undefined },
): Promise<Got | Description> {
  const { format, ...pod } = { ...query, kind: 'Pod', apiVersion: undefined }
  return format === 'describe' ? describe(cluster, pod) : get(cluster, pod)
}

function compose(subject: Subject, explained: Explained, owners: Related[], maxTokens: number): Description {
  const { cluster, resource, object, namespace, events, reader, now } = subject
  const conditions = conditionsOf(object)
  const findings = [
    ...deletionFinding(subject),
    ...explained.findings,
    ...conditionFindings(conditions, now, explained.saidConditions),
  ].map((finding) => oneLine(finding, 700))
  const facts = defined({ ...identityOf(object), ...explained.facts })
  const { kept, omitted } = cutToFit(facts, maxTokens * SHARE_OF_FACTS)
  const hidden =
    findings.length > MOST_FINDINGS ? [`${findings.length - MOST_FINDINGS} more findings left out`] : []
  const note = [...hidden, ...reader.notes, ...(omitted.length > 0 ? [omittedNote(omitted)] : [])].join('; ')
  return {
    target: cluster.target(namespace ?? ''),
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    name: object.metadata.name,
    age: age(object.metadata.creationTimestamp, now),
    findings: findings.slice(0, MOST_FINDINGS),
    facts: kept,
    conditions: viewConditions(conditions, now, findings),
    owners,
    dependents: explained.dependents ?? [],
    events: mergeEvents(
      [...events, ...(explained.events ?? [])],
      now,
      `${resource.kind}/${object.metadata.name}`,
    ),
    ...(note && { note }),
  }
}

function conditionsOf(object: KubeObject): Condition[] {
  const status: unknown = object.status
  if (status === null || typeof status !== 'object' || !('conditions' in status)) return []
  return Array.isArray(status.conditions) ? status.conditions.filter(isCondition) : []
}

function isCondition(value: unknown): value is Condition {
  return value !== null && typeof value === 'object' && 'type' in value && 'status' in value
}

function deletionFinding({ object, resource, now }: Subject): string[] {
  const { deletionTimestamp, finalizers } = object.metadata
  // Pods say it themselves.
  if (!deletionTimestamp || resource.kind === 'Pod') return []
  const held =
    Array.isArray(finalizers) && finalizers.length > 0 ? `, held by finalizers ${finalizers.join(', ')}` : ''
  return [`Is being deleted since ${age(deletionTimestamp, now)}${held}`]
}

const SAID_ELSEWHERE = /last-applied-configuration$|^(deployment|node\.alpha)\.kubernetes\.io\//

function identityOf({ metadata }: KubeObject): Record<string, unknown> {
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => !SAID_ELSEWHERE.test(key))
  return {
    labels: metadata.labels,
    annotations:
      own.length > 0 ? Object.fromEntries(own.map(([key, value]) => [key, oneLine(value, 160)])) : undefined,
  }
}

// Only ReplicaSets and Jobs stand between a pod and what a person made.
async function ownersOf({ object, namespace, reader }: Subject): Promise<Related[]> {
  const controller = controllerOf(object)
  if (!controller) return []
  const first = { kind: controller.kind, name: controller.name }
  const between =
    controller.kind === 'ReplicaSet' ? kinds.replicaSets : controller.kind === 'Job' ? kinds.jobs : undefined
  if (!between) return [first]
  const owner = await reader.get<KubeObject>(between, namespace, controller.name)
  if (owner === 'unreadable') return [first]
  if (owner === undefined) return [{ ...first, state: 'does not exist any more' }]
  const next = controllerOf(owner)
  return next ? [first, { kind: next.kind, name: next.name }] : [first]
}

function controllerOf({ metadata }: KubeObject) {
  const owners = metadata.ownerReferences ?? []
  return owners.find((owner) => owner.controller) ?? owners[0]
}

function defined(facts: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => !isEmpty(value)))
}
