import { type KubeObject, type Listing, list, pathOf, type Resource, readTable } from '@gatehouse/kubernetes'
import { dump } from 'js-yaml'
import type { ListRead } from '../read.ts'
import { boundedText, charactersFor } from './bound.ts'
import type { Asking } from './deps.ts'
import { tableText } from './table.ts'

/** `get pods`: the Table of the API server, or whole objects. */
export async function answerList(read: ListRead, asking: Asking): Promise<string> {
  const { cluster, signal, maxTokens } = asking
  const most = charactersFor(maxTokens)
  if (read.output === 'yaml' || read.output === 'json') return wholeObjects(read, asking, most)
  const resource = await cluster.discovery.resolve(read.kind, read.apiVersion, signal)
  if (read.output === 'name') {
    const listing = await list(cluster, { ...queryOf(read), columns: ['name'], signal })
    const lines = listing.items.map((row) => `${typeName(resource)}/${String(row.name)}`)
    return lines.length === 0 ? nothingFound(listing) : boundedText(lines.join('\n'), most)
  }
  const columns = await columnsOf(read, resource, asking)
  const listing = await list(cluster, { ...queryOf(read), ...(columns && { columns }), signal })
  if (listing.items.length === 0) return nothingFound(listing)
  const notes = [
    ...(listing.notes ?? []),
    ...(listing.forbidden.length > 0 ? [`not readable: ${listing.forbidden.join(', ')}`] : []),
  ]
  const text = tableText(listing.items, listing.columns)
  return boundedText([text, ...notes.map((note) => `# ${note}`)].join('\n'), most)
}

function queryOf({ kind, apiVersion, namespace, allNamespaces, labelSelector, fieldSelector }: ListRead) {
  return { kind, apiVersion, namespace, allNamespaces, labelSelector, fieldSelector }
}

type Shown = Pick<ListRead, 'output' | 'namespace' | 'showLabels'>

/** Columns where others than the usual ones are shown: asked of no object, so that only the columns come. */
export async function columnsOf(read: Shown, resource: Resource, { cluster, signal }: Asking) {
  if (read.output !== 'wide' && !read.showLabels) return undefined
  const namespace = resource.namespaced ? (read.namespace ?? cluster.namespace) : undefined
  const table = await readTable(cluster, resource, namespace, { fieldSelector: 'metadata.name=-', signal })
  const shown = table.columns.filter(({ priority }) => priority === 0 || read.output === 'wide')
  return [...shown.map(({ key }) => key), ...(read.showLabels ? ['metadata.labels'] : [])]
}

function nothingFound({ target }: Listing): string {
  if (target.namespace === '' || target.namespace === '*') return 'No resources found'
  return `No resources found in ${target.namespace} namespace.`
}

async function wholeObjects(read: ListRead, { cluster, signal }: Asking, most: number): Promise<string> {
  const resource = await cluster.discovery.resolve(read.kind, read.apiVersion, signal)
  const namespace = read.allNamespaces ? undefined : (read.namespace ?? cluster.namespace)
  const { labelSelector, fieldSelector } = read
  const kept: string[] = []
  let size = 0
  let left = 0
  await cluster.eachObject(
    pathOf(resource, namespace),
    { signal, query: { labelSelector, fieldSelector } },
    (object) => {
      const text = objectText(object, read.output)
      size += text.length
      if (size > most && kept.length > 0) left++
      else kept.push(text)
      return left < 1_000
    },
  )
  if (kept.length === 0) return nothingFound({ target: cluster.target(namespace ?? '*') } as Listing)
  const note =
    left === 0
      ? []
      : [`# ${left === 1_000 ? 'more than 1000' : left} more objects; name one, or raise maxTokens`]
  const separator = read.output === 'yaml' ? '---\n' : ''
  return boundedText([...kept.map((text) => separator + text), ...note].join('\n'), most * 2)
}

/** An object as YAML or JSON, without what the server keeps for itself. */
export function objectText(object: Partial<KubeObject>, output: 'yaml' | 'json' | string): string {
  const { managedFields: _ours, ...metadata } = object.metadata ?? { name: '' }
  const shown = { ...object, metadata }
  if (output === 'json') return JSON.stringify(shown, null, 2)
  return dump(shown, { lineWidth: -1, noRefs: true, skipInvalid: true }).trimEnd()
}

/** `pod`, `deployment.apps`, as -o name writes it. */
export function typeName({ kind, group }: Resource): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
}
