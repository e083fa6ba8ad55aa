import type { Running } from '../harness.ts'

/** One of each kind of page, and the status it is answered with where that is not 200. */
export const KINDS: Readonly<Record<string, readonly [path: string, status?: number]>> = {
  home: ['/'],
  docs: ['/docs'],
  topic: ['/docs/pods'],
  'topic-table': ['/docs/crash-loop'],
  'topic-gatehouse': ['/docs/tools-and-toolsets'],
  api: ['/api'],
  kind: ['/api/apps/v1/Deployment'],
  field: ['/api/apps/v1/Deployment?field=spec.template.spec.containers'],
  'field-leaf': ['/api/core/v1/Pod?field=spec.nodeName'],
  search: ['/search?q=readiness+probe'],
  'search-path': ['/search?q=deploy.spec.strategy.rollingUpdate'],
  'search-empty': ['/search'],
  'search-nothing': ['/search?q=qqqqzzzzxxxx'],
  templates: ['/templates'],
  template: ['/templates/deployment'],
  'template-filled': ['/templates/deployment?name=shop&replicas=4'],
  'template-wrong': ['/templates/deployment?replicas=many', 400],
  'template-refused': ['/templates/cluster-role-read'],
  'template-cluster': ['/templates/namespace-with-quota'],
  status: ['/status'],
  error: ['/nowhere', 404],
  'error-kind': ['/api/apps/v1/Deploymnet', 404],
  'error-parameter': ['/docs?page=2', 400],
}

interface Docs {
  groups: { topics: { url: string }[] }[]
}
interface Templates {
  items: { url: string }[]
}
interface Api {
  groups: { kinds: { url: string }[] }[]
}

/** The address of every topic, every template and every kind, as the server lists them. */
export async function everyAddress(server: Running): Promise<string[]> {
  const listed = async <T>(path: string) => (await server.get(path)).body as T
  const docs = await listed<Docs>('/docs')
  const templates = await listed<Templates>('/templates')
  const api = await listed<Api>('/api')
  return [
    ...['/', '/docs', '/api', '/templates', '/status'],
    ...docs.groups.flatMap(({ topics }) => topics.map(({ url }) => url)),
    ...templates.items.map(({ url }) => url),
    ...api.groups.flatMap(({ kinds }) => kinds.flatMap(({ url }) => [url, `${url}?field=spec`])),
  ]
}
