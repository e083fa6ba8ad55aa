import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { definitions as hubSettings } from '../dockers/00_hub_mcp/src/config.ts'
import { definitions as k8sSettings } from '../dockers/08_k8s_mcp/src/config.ts'
import { tools as k8sTools } from '../dockers/08_k8s_mcp/src/tools/index.ts'
import { definitions as remediationSettings } from '../dockers/09_remediation_mcp/src/config.ts'
import { tools as remediationTools } from '../dockers/09_remediation_mcp/src/tools/index.ts'
import { definitions as agentSettings } from '../dockers/11_k8s_agent_mcp/src/config.ts'
import { tools as agentTools } from '../dockers/11_k8s_agent_mcp/src/tools/index.ts'
import { contractFiles } from './generate/contract.ts'
import { contentTable, decisionTable } from './generate/decision-table.ts'
import { unsupportedTable, verbTable } from './generate/kubectl-table.ts'
import { errorTable, settingsTable, toolTable } from './generate/tables.ts'
import { toolPages } from './generate/tool-pages.ts'

/** `npm run generate [-- --check]`: contracts, tool pages and the tables in READMEs, all from the tools themselves. */
const root = new URL('..', import.meta.url).pathname
const checking = process.argv.includes('--check')
const stale: string[] = []

const servers = [
  { name: '08_k8s_mcp', tools: k8sTools, settings: k8sSettings },
  { name: '09_remediation_mcp', tools: remediationTools, settings: remediationSettings },
  { name: '11_k8s_agent_mcp', tools: agentTools, settings: agentSettings },
]

await folder('docs/tools', toolPages(servers))
await block('docs/errors.md', 'errors', errorTable())
await block('docs/kubectl.md', 'verbs', verbTable())
await block('docs/kubectl.md', 'unsupported', unsupportedTable())
await block('docs/policy.md', 'decisions', await decisionTable())
await block('docs/policy.md', 'content', await contentTable())
// The hub has no tools of its own.
await block('dockers/00_hub_mcp/README.md', 'settings', settingsTable(hubSettings))
for (const { name, tools, settings } of servers) {
  await folder(`dockers/${name}/contract`, contractFiles(tools))
  await block(`dockers/${name}/README.md`, 'tools', toolTable(tools, '../../docs/tools'))
  await block(`dockers/${name}/README.md`, 'settings', settingsTable(settings))
}

if (checking && stale.length > 0) {
  console.error(
    `Generated files are not fresh; run "npm run generate":\n${stale.map((file) => `  ${file}`).join('\n')}`,
  )
  process.exitCode = 1
}

/** Makes a folder hold exactly these files. */
async function folder(name: string, files: Map<string, string>): Promise<void> {
  const known = await readdir(path.join(root, name)).catch(() => [])
  for (const old of known.filter((file) => !files.has(file))) {
    stale.push(`${name}/${old} (no longer made)`)
    if (!checking) await rm(path.join(root, name, old))
  }
  if (!checking) await mkdir(path.join(root, name), { recursive: true })
  for (const [file, text] of files) await put(`${name}/${file}`, text)
}

/** Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->`. */
async function block(file: string, name: string, text: string): Promise<void> {
  const old = await readFile(path.join(root, file), 'utf8')
  const pattern = new RegExp(`(<!-- ${name}:start -->)[^]*(<!-- ${name}:end -->)`)
  if (!pattern.test(old)) throw new Error(`${file} has no block "${name}"`)
  await put(
    file,
    old.replace(pattern, (_all, start, end) => `${start}\n\n${text}\n${end}`),
  )
}

async function put(file: string, text: string): Promise<void> {
  const old = await readFile(path.join(root, file), 'utf8').catch(() => undefined)
  if (old === text) return
  stale.push(file)
  if (!checking) await writeFile(path.join(root, file), text)
}

if (!checking) console.log(`generated: ${stale.length === 0 ? 'everything was fresh' : stale.join(', ')}`)
