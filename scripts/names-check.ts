import { readFileSync } from 'node:fs'
import { buildCatalogue } from '../dockers/00_hub_mcp/src/catalogue/catalogue.ts'
import type { Listing } from '../dockers/00_hub_mcp/src/catalogue/listing.ts'
import { lint } from '../dockers/00_hub_mcp/src/lint/lint.ts'
import { readRegistry } from '../dockers/00_hub_mcp/src/registry/read.ts'
import { tools as k8sTools } from '../dockers/08_k8s_mcp/src/tools/index.ts'
import { tools as remediationTools } from '../dockers/09_remediation_mcp/src/tools/index.ts'
import { type AnyTool, createMcpDoor } from '../shared/tools/src/index.ts'

/**
 * Part of `npm run check`: the names and budgets of the whole suite behind the hub, as its hub.yaml has it and without
 * starting anything. `npm run hub -- check` is the same for servers that run.
 */
const FILE = new URL('../dockers/00_hub_mcp/hub.yaml', import.meta.url)
const SERVERS: Record<string, readonly AnyTool[]> = {
  '08_k8s_mcp': k8sTools,
  '09_remediation_mcp': remediationTools,
}

const registry = readRegistry(readFileSync(FILE, 'utf8'), 'hub.yaml')
const listings = new Map(registry.servers.map(({ id }) => [id, listingOf(SERVERS[id])]))
const { endpoints, findings } = lint(buildCatalogue(registry, listings))
for (const { level, what } of findings) console.error(`${level}: ${what}`)
const [whole] = endpoints
if (findings.length > 0) process.exitCode = 1
else console.log(`names and budgets: ${whole?.tools} tools, about ${whole?.tokens} tokens at /mcp`)

function listingOf(tools: readonly AnyTool[] | undefined): Listing {
  if (!tools) throw new Error('hub.yaml names a server that is not known here: add its tools above')
  const invoke = () => Promise.reject(new Error('not called'))
  const door = createMcpDoor({ name: '', title: '', version: '', instructions: '', tools, invoke })
  return {
    tools: door.list({ tools, names: 'dotted', caller: '' }),
    prompts: [],
    resources: [],
    templates: [],
    capabilities: { tools: {} },
    instructions: '',
    version: '',
    digest: '',
  }
}
