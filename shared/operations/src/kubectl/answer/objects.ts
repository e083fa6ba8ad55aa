import { type Description, describe, get, list, rolloutStatus } from '@gatehouse/kubernetes'
import { dump } from 'js-yaml'
import type { DescribeRead, ObjectRead, RolloutRead } from '../read.ts'
import { refused } from '../refusal.ts'
import { boundedText, charactersFor } from './bound.ts'
import type { Asking } from './deps.ts'
import { columnsOf, objectText, typeName } from './lists.ts'
import { tableText } from './table.ts'

/** `get pod web`, as a row, as YAML or JSON. */
export async function answerGet(read: ObjectRead, asking: Asking): Promise<string> {
  const { cluster, signal, maxTokens } = asking
  const { kind, apiVersion, namespace, names, output } = read
  const most = charactersFor(maxTokens)
  const query = { kind, apiVersion, namespace, signal }
  if (output === 'yaml' || output === 'json') {
    const share = Math.floor((maxTokens ?? 4_000) / names.length)
    const texts: string[] = []
    for (const name of names) {
      const { object, note } = await get(cluster, { ...query, name, maxTokens: share })
      texts.push([objectText(object, output), ...(note ? [`# ${note}`] : [])].join('\n'))
    }
    return boundedText(texts.join(output === 'yaml' ? '\n---\n' : '\n'), most)
  }
  const resource = await cluster.discovery.resolve(kind, apiVersion, signal)
  const asked = await columnsOf(read, resource, asking)
  const rows: Record<string, unknown>[] = []
  let columns: string[] = []
  for (const name of names) {
    const selected = { ...query, fieldSelector: `metadata.name=${name}` }
    const listing = await list(cluster, { ...selected, ...(asked && { columns: asked }) })
    // Says what there is instead.
    if (listing.items.length === 0) await get(cluster, { ...query, name })
    rows.push(...listing.items)
    if (columns.length === 0) columns = listing.columns
  }
  if (output === 'name') return rows.map((row) => `${typeName(resource)}/${String(row.name)}`).join('\n')
  return boundedText(tableText(rows, columns), most)
}

/** `describe pod web`: what it is, what is wrong with it, events. */
export async function answerDescribe(
  read: DescribeRead,
  { cluster, signal, maxTokens }: Asking,
): Promise<string> {
  const { kind, apiVersion, namespace, names } = read
  const share = Math.floor((maxTokens ?? 4_000) / names.length)
  const texts: string[] = []
  for (const name of names) {
    texts.push(
      descriptionText(
        await describe(cluster, { kind, apiVersion, namespace, name, signal, maxTokens: share }),
      ),
    )
  }
  return boundedText(texts.join('\n---\n'), charactersFor(maxTokens))
}

function descriptionText(description: Description): string {
  const { target, events, findings, ...rest } = description
  const filled = Object.fromEntries(
    Object.entries({ namespace: target.namespace, findings, ...rest }).filter(([, value]) => !isEmpty(value)),
  )
  const { kind, name, namespace, ...facts } = filled
  const head = { name, ...(namespace !== undefined && { namespace }), kind, ...facts }
  const body = dump(head, { lineWidth: -1, noRefs: true, skipInvalid: true }).trimEnd()
  if (events.length === 0) return `${body}\nevents: none`
  const rows = events.map((event) => ({ ...event }))
  return `${body}\nevents:\n${tableText(rows, ['type', 'reason', 'last', 'count', 'object', 'message'])}`
}

/** `rollout status` and `rollout history`. */
export async function answerRollout(read: RolloutRead, asking: Asking): Promise<string> {
  const { cluster, signal, maxTokens } = asking
  const { kind, apiVersion, namespace, name, show } = read
  const resource = await cluster.discovery.resolve(kind, apiVersion, signal)
  if (resource.kind !== 'Deployment' || resource.group !== 'apps') {
    if (show === 'history')
      throw refused('rollout history is shown of Deployments', `Use "kubectl describe ${kind} ${name}"`)
    return answerDescribe(
      {
        verb: 'describe',
        kind,
        ...(apiVersion && { apiVersion }),
        ...(namespace && { namespace }),
        names: [name],
      },
      asking,
    )
  }
  const rollout = await rolloutStatus(cluster, { name, namespace, signal })
  if (show === 'history') {
    const rows = rollout.revisions.map(
      ({ revision, current, replicaSet, replicas, age, images, changeCause }) => ({
        revision: current ? `${revision} (current)` : revision,
        replicaSet,
        replicas,
        age,
        images: images.join(','),
        changeCause,
      }),
    )
    return tableText(rows, ['revision', 'replicaSet', 'replicas', 'age', 'images', 'changeCause'])
  }
  const lines = [`deployment "${name}" is ${rollout.state}: ${rollout.summary}`, ...rollout.blocks]
  return boundedText(lines.join('\n'), charactersFor(maxTokens))
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === undefined || (Array.isArray(value) && value.length === 0)
}
