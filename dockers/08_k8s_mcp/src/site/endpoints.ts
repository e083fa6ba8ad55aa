import type { SiteDeps } from './deps.ts'

/** What is here, for programs. */
export function endpoints({ version, tools }: SiteDeps) {
  return {
    service: 'k8s-mcp',
    version,
    description: 'Gatehouse: Kubernetes for AI clients',
    mcp: ['/mcp', '/mcp/essential', '/mcp/readonly', '/mcp/names/dotted', '/mcp/names/safe'],
    documentation: {
      docs: '/docs',
      api: '/api',
      search: '/search?q=',
      templates: '/templates',
      template: '/templates/<name>?format=yaml|json',
    },
    rest: tools.flatMap((tool) => (tool.rest ? [`${tool.rest.method} ${tool.rest.path}`] : [])),
    tools: tools.map((tool) => `POST /tools/${tool.name}`),
    open: [
      '/',
      '/docs',
      '/api',
      '/search?q=pod',
      '/templates',
      '/status',
      '/openapi.json',
      '/livez',
      '/readyz',
      '/health',
    ],
    metrics: '/metrics',
  }
}
