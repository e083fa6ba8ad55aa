import { contractSuite } from '@gatehouse/testing/contract'
import { startServer } from '@gatehouse/testing/mcp'
import { tools } from '../src/tools/index.ts'

const main = new URL('../src/main.ts', import.meta.url).pathname

// In documentation mode: the shapes need no cluster, and neither door may hide its error from the other.
contractSuite({
  name: '08_k8s_mcp',
  tools,
  hostPrefix: 'mcp__gatehouse-k8s__',
  // Counts what the two calls themselves changed.
  inputs: { 'infra.k8s.getMetrics': [] },
  start: async () => {
    const server = await startServer({ main })
    return { url: server.url, close: server.stop }
  },
})
