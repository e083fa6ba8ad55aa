import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PATH = /localVarPath = '\/(?:api|apis\/([a-z0-9.-]+))\/(v\d[a-z0-9]*)\//
// The first path of a file is within its first 24 kB; the largest file has 1.5 MB.
const HEAD = 64 * 1024

/**
 * The generated file of each group version. Only of those that the client still exports: the package also carries
 * files of versions that Kubernetes has removed, such as resource.k8s.io/v1alpha2.
 */
export async function apiFiles(folder: string): Promise<Map<string, string>> {
  const index = await readFile(join(folder, 'index.js'), 'utf8')
  const names = [...index.matchAll(/\bas (\w+V\d\w*Api)\b/g)].flatMap(([, name]) => name ?? [])
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, 'apis', `${name}.js`)
      const [, group, version] = PATH.exec(await headOf(file)) ?? []
      const groupVersion = group ? `${group}/${version}` : version
      return groupVersion ? ([[groupVersion, file]] as const) : []
    }),
  )
  // The core group first, as everybody lists it.
  return new Map(found.flat().sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)))
}

const rank = (groupVersion: string): number => Number(groupVersion.includes('/'))

async function headOf(file: string): Promise<string> {
  await using handle = await open(file)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

// Methods with their paths come first in a file, then the same methods with what they return.
const STEP = /async (\w+)\(|localVarPath = '([^']+)'|, contentType\), "(\w+)", ""\)/g
// The path of a resource itself; below a name are subresources, whose kinds belong to other groups or to none.
const RESOURCE = /^\/(?:api|apis\/[^/]+)\/[^/]+\/(?:namespaces\/\{namespace\}\/)?[a-z]+(?:\/\{name\})?$/
const GIVES_KIND = /^(?:create|list|read)/

/** The models that are kinds of this group version, lists included: what its paths create, read and list. */
export async function kindsOf(file: string): Promise<Set<string>> {
  const text = await readFile(file, 'utf8')
  const ofResource = new Set<string>()
  const kinds = new Set<string>()
  let method = ''
  for (const [, name, path, model] of text.matchAll(STEP)) {
    if (name) method = name.replace(/WithHttpInfo$/, '')
    else if (path && RESOURCE.test(path)) ofResource.add(method)
    else if (model && ofResource.has(method) && GIVES_KIND.test(method)) kinds.add(model)
  }
  return kinds
}
