/** What a path addresses, read the way the API server reads it. */
export interface ApiPath {
  /** First segment, such as api, apis or version. */
  root: string
  /** Empty for the core group. */
  group: string
  namespace?: string | undefined
  resource?: string | undefined
  name?: string | undefined
  subresource?: string | undefined
}

/**
 * Undefined for a path that is not plain: empty or dotted segments, encoded separators, a query or anything else
 * two readers could understand differently. Nobody needs such a path, so policy refuses it.
 */
export function parsePath(path: string): ApiPath | undefined {
  if (!path.startsWith('/')) return undefined
  const segments: string[] = []
  for (const segment of path.slice(1).split('/')) {
    const plain = plainSegment(segment)
    if (plain === undefined) return undefined
    segments.push(plain)
  }
  const [root = '', ...rest] = segments
  if (root === 'api') return { root, group: '', ...addressed(rest.slice(1)) }
  if (root === 'apis') return { root, group: rest[0] ?? '', ...addressed(rest.slice(2)) }
  return { root, group: '' }
}

function plainSegment(encoded: string): string | undefined {
  if (/[^\x21-\x7e]|[\\?#]/.test(encoded) || encoded === '') return undefined
  try {
    const segment = decodeURIComponent(encoded)
    return segment === '.' || segment === '..' || /[^\x20-\x7e]|[%/\\?#]/.test(segment) ? undefined : segment
  } catch {
    return undefined
  }
}

// Resource, name and sub-resource stand behind an optional verb and an optional namespace.
function addressed(parts: string[]): Omit<ApiPath, 'root' | 'group'> {
  const [first] = parts
  if (first === 'watch') return addressed(parts.slice(1))
  if (first === 'proxy') return { ...addressed(parts.slice(1)), subresource: 'proxy' }
  if (first !== 'namespaces') return { resource: first, name: parts[1], subresource: parts[2] }
  const [, namespace, inside] = parts
  if (inside === undefined || inside === 'status' || inside === 'finalize') {
    return { namespace, resource: 'namespaces', name: namespace, subresource: inside }
  }
  return { namespace, resource: inside, name: parts[3], subresource: parts[4] }
}
