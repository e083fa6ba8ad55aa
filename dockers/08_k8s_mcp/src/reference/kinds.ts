import type { Schema, Schemas } from '@gatehouse/kubernetes'

/** One kind of one version of a group; `group` is empty for the core group. */
export interface KindName {
  group: string
  version: string
  kind: string
}

// Bodies of requests and answers that are no objects of their own.
const NO_OBJECTS = /^(Status|WatchEvent|APIGroup|APIVersions|.*Options)$/

/** The kinds among the schemas of a group version: what has metadata and is no list, by name. */
export function kindsIn(groupVersion: string, schemas: Schemas): { name: KindName; schema: Schema }[] {
  const { group, version } = splitGroupVersion(groupVersion)
  const names = new Set<string>()
  const found = Object.values(schemas).flatMap((schema) => {
    const own = schema['x-kubernetes-group-version-kind']?.find(
      (one) => one.group === group && one.version === version,
    )
    const { metadata, kind, items } = schema.properties ?? {}
    if (!own || !metadata || !kind || NO_OBJECTS.test(own.kind) || names.has(own.kind)) return []
    // Custom kinds may be called AllowList and hold no items.
    if (items && own.kind.endsWith('List')) return []
    names.add(own.kind)
    return [{ name: { group, version, kind: own.kind }, schema }]
  })
  return found.sort((a, b) => (a.name.kind < b.name.kind ? -1 : 1))
}

export function splitGroupVersion(groupVersion: string): { group: string; version: string } {
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  return { group, version }
}

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: KindName): string {
  return group ? `${group}/${version}` : version
}

/** Where a kind, or a field of it, is described on this site. */
export function addressOf(name: KindName, field = ''): string {
  const path = `/api/${[name.group || 'core', name.version, name.kind].map(encodeURIComponent).join('/')}`
  return field ? `${path}?field=${encodeURIComponent(field)}` : path
}
