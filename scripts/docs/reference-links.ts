import { fieldPage } from '../../dockers/08_k8s_mcp/src/reference/field-page.ts'
import { typingsSource } from '../../dockers/08_k8s_mcp/src/reference/sources/typings.ts'

// Kinds that Kubernetes itself does not bring: their pages are there where they are installed.
const INSTALLED = /^\/api\/(gateway\.networking\.k8s\.io|metrics\.k8s\.io)\//

let source: ReturnType<typeof typingsSource> | undefined

/** What is wrong with a link into the API reference; nothing when it leads to a kind and a field. */
export async function unknownReference(link: string): Promise<string | undefined> {
  if (INSTALLED.test(link)) return undefined
  const { pathname, searchParams } = new URL(link, 'http://site.invalid')
  const [, group = '', version = '', kind = ''] = /^\/api\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname) ?? []
  if (kind === '') return 'is /api/<group>/<version>/<kind>'
  source ??= typingsSource()
  const name = { group: group === 'core' ? '' : group, version, kind }
  const [field = ''] = searchParams.getAll('field')
  const page = fieldPage(await source, name, field)
  return page.then(
    () => undefined,
    (error: Error) => error.message,
  )
}
