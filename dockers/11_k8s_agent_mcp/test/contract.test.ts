import { contractSuite } from '@gatehouse/testing/contract'
import { tools } from '../src/tools/index.ts'

// One door, so there is no second one to agree with.
contractSuite({
  name: '11_k8s_agent_mcp',
  tools,
  hostPrefix: 'mcp__gatehouse-k8s-agent__',
  tokens: { all: 1_000, essential: 1_000 },
})
