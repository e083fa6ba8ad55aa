import type { Schema, Schemas } from '@gatehouse/kubernetes'
import { sharedCluster } from '@gatehouse/testing'

/** The group versions that the test cluster publishes; CRDs of other tests among them. */
export async function publishedGroupVersions(): Promise<string[]> {
  const { paths } = await published<{ paths: Record<string, unknown> }>('/openapi/v3')
  return Object.keys(paths).flatMap(
    (path) => /^(?:api|apis\/[^/]+)\/v\d[^/]*$/.exec(path)?.[0].replace(/^apis?\//, '') ?? [],
  )
}

/** One published document, as text. */
export async function publishedDocument(groupVersion: string): Promise<string> {
  const { kubectl } = await sharedCluster()
  const root = groupVersion.includes('/') ? 'apis' : 'api'
  return kubectl(['get', '--raw', `/openapi/v3/${root}/${groupVersion}`])
}

export async function publishedSchemas(groupVersion: string): Promise<Schemas> {
  const document = JSON.parse(await publishedDocument(groupVersion)) as { components: { schemas: Schemas } }
  return document.components.schemas
}

async function published<T>(path: string): Promise<T> {
  const { kubectl } = await sharedCluster()
  return JSON.parse(await kubectl(['get', '--raw', path])) as T
}

/** Names of the kinds that belong to a group version itself. */
export function kindsIn(schemas: Schemas, groupVersion: string): string[] {
  const [version, group = ''] = groupVersion.split('/').reverse()
  const own = (schema: Schema): string[] =>
    (schema['x-kubernetes-group-version-kind'] ?? [])
      .filter((one) => one.group === group && one.version === version)
      .map(({ kind }) => kind)
  return Object.values(schemas).flatMap(own).sort()
}
