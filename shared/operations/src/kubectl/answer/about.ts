import { apiResources, explain, type Listing, logs, topNodes, topPods } from '@gatehouse/kubernetes'
import type { CanIRead, KubectlRead, LogsRead, TopRead } from '../read.ts'
import { boundedText, charactersFor } from './bound.ts'
import type { Asking } from './deps.ts'
import { tableText } from './table.ts'

type Of<Verb extends KubectlRead['verb']> = Extract<KubectlRead, { verb: Verb }>

/** `logs web`: the newest lines, sanitised. */
export async function answerLogs(read: LogsRead, { cluster, signal, maxTokens }: Asking): Promise<string> {
  const { verb: _verb, ...query } = read
  const { lines, note } = await logs(cluster, { ...query, signal })
  const text = boundedText(lines.join('\n'), charactersFor(maxTokens), 'last')
  return [text, ...(note ? [`# ${note}`] : [])].join('\n')
}

export async function answerTop(read: TopRead, { cluster, signal, maxTokens }: Asking): Promise<string> {
  const { of, name, namespace, allNamespaces, labelSelector } = read
  const ask = of === 'pods' ? topPods : topNodes
  const listing = await ask(cluster, { namespace, allNamespaces, labelSelector, signal })
  const items = name === undefined ? listing.items : listing.items.filter((row) => row.name === name)
  if (items.length === 0) return 'No resources found'
  return boundedText(tableText(items, columnsFirst(listing)), charactersFor(maxTokens))
}

export async function answerExplain(
  read: Of<'explain'>,
  { cluster, signal, maxTokens }: Asking,
): Promise<string> {
  const { kind, apiVersion, field } = read
  const found = await explain(cluster, { kind, apiVersion, field, signal })
  const facts = [
    `KIND:       ${found.kind}`,
    `VERSION:    ${found.apiVersion}`,
    ...(found.field
      ? [`FIELD:      ${found.field} <${found.type}>${found.required ? ' -required-' : ''}`]
      : []),
    ...(found.enum ? [`ENUM:       ${found.enum.join(', ')}`] : []),
    ...(found.default ? [`DEFAULT:    ${found.default}`] : []),
    ...(found.limits ? [`LIMITS:     ${found.limits}`] : []),
    '',
    'DESCRIPTION:',
    `    ${found.description}`,
  ]
  const fields = found.fields.map(
    ({ name, type, required, description }) =>
      `  ${name} <${type}>${required ? ' -required-' : ''}\n    ${description}`,
  )
  const text = [...facts, ...(fields.length > 0 ? ['', 'FIELDS:', ...fields] : [])].join('\n')
  return boundedText(text, charactersFor(maxTokens))
}

export async function answerApiResources(
  read: Of<'api-resources'>,
  { cluster, signal, maxTokens }: Asking,
): Promise<string> {
  const { apiGroup, namespaced } = read
  const listing = await apiResources(cluster, { apiGroup, namespaced, signal })
  const columns = ['name', 'shortNames', 'apiVersion', 'namespaced', 'kind']
  return boundedText(tableText(listing.items, columns), charactersFor(maxTokens))
}

export async function answerVersion({ cluster, signal }: Asking): Promise<string> {
  const { gitVersion } = await cluster.json<{ gitVersion?: string }>('/version', { signal })
  return `Server Version: ${String(gitVersion ?? 'unknown').slice(0, 100)}`
}

interface Review {
  status?: { allowed?: boolean; reason?: string }
}

/** `auth can-i`: asks the API server about this server's own identity. */
export async function answerCanI(read: CanIRead, { cluster, signal }: Asking): Promise<string> {
  const { action, kind, apiVersion, name, subresource, allNamespaces } = read
  const resource = await cluster.discovery.resolve(kind, apiVersion, signal)
  const namespace = resource.namespaced && !allNamespaces ? (read.namespace ?? cluster.namespace) : undefined
  const { status } = await cluster.send<Review>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb: action,
          group: resource.group,
          version: resource.version,
          resource: resource.plural,
          subresource,
          name,
          namespace,
        },
      },
    }),
    signal,
  })
  const where = namespace === undefined ? '' : ` in ${namespace}`
  return `${status?.allowed === true ? 'yes' : 'no'} (identity ${cluster.identity}${where}; changes wait for approval all the same)`
}

function columnsFirst({ columns, items }: Listing): string[] {
  return columns.length > 0 ? columns : Object.keys(items[0] ?? {})
}
