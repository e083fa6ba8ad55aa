import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pinsOf } from '../../dockers/00_hub_mcp/src/catalogue/pins.ts'
import { unknownName } from '../../dockers/00_hub_mcp/src/catalogue/unknown.ts'
import { readConfig } from '../../dockers/00_hub_mcp/src/config.ts'
import { lint } from '../../dockers/00_hub_mcp/src/lint/lint.ts'
import { readOnce } from '../../dockers/00_hub_mcp/src/lint/read-once.ts'
import { readRegistry } from '../../dockers/00_hub_mcp/src/registry/read.ts'
import { plain } from './plain.ts'

interface Options {
  file?: string | undefined
  json: boolean
}

/** The registry, and the catalogue of the servers that answer now. */
async function look({ file }: Options) {
  const { config } = readConfig(process.env)
  const path = file ?? config.file
  const registry = readRegistry(readFileSync(path, 'utf8'), basename(path), process.env)
  const read = (name: string | undefined) =>
    name === undefined ? undefined : readFileSync(name, 'utf8').trim()
  const { MCP_TOKEN, HUB_KEY } = config
  const asked = await readOnce(registry, ({ credentials, tokenFile, keyFile }) => ({
    token: read(tokenFile) ?? (credentials && MCP_TOKEN),
    key: read(keyFile) ?? (credentials && HUB_KEY),
  }))
  return { registry, ...asked }
}

/** What is wrong with the registry, the names and the budgets; 1 when something is. */
export async function check(options: Options): Promise<number> {
  const { registry, catalogue, silent } = await look(options)
  const report = lint(catalogue)
  const ports = registry.servers.flatMap(({ id, url }) => {
    // The number of a folder of the suite is the end of its port: 08 is 8008.
    const [, number] = /^(\d\d)_/.exec(id) ?? []
    const { port, hostname } = new URL(url)
    const odd = number !== undefined && port !== `80${number}` && hostname !== '127.0.0.1'
    return odd
      ? [{ level: 'warning' as const, what: `${id}: its port is ${port}, its number says 80${number}` }]
      : []
  })
  const findings = [...report.findings, ...ports]
  const failed = findings.some(({ level }) => level === 'error')
  if (options.json) console.log(plain(JSON.stringify({ ...report, findings, silent }, null, 2)))
  else {
    for (const { path, tools, tokens, tooManyFor } of report.endpoints) {
      const refusing = tooManyFor.length > 0 ? `; too many for ${tooManyFor.join(', ')}` : ''
      console.log(`${path.padEnd(34)} ${String(tools).padStart(4)} tools, about ${tokens} tokens${refusing}`)
    }
    for (const { id, reason } of silent) console.log(plain(`not asked  ${id}: ${reason}`))
    for (const { level, what } of findings) console.log(plain(`${level.padEnd(10)} ${what}`))
    if (findings.length === 0 && silent.length === 0) console.log('nothing is wrong')
  }
  return failed ? 1 : 0
}

/** Where a name goes; 1 where it goes nowhere. */
export async function route(name: string, options: Options): Promise<number> {
  const { registry, catalogue, silent } = await look(options)
  const named = catalogue.tools.byName.get(name)
  if (named) {
    const { canonical, safe, own, server } = named
    const url = registry.servers.find(({ id }) => id === server)?.url
    if (options.json) console.log(JSON.stringify({ canonical, safe, own, server, url }, null, 2))
    else console.log(`${canonical}\n  also     ${safe}\n  server   ${server} at ${url}\n  there    ${own}`)
    return 0
  }
  const down = new Map(silent.map(({ id, reason }) => [id, reason]))
  const servers = registry.servers.map((entry) => ({
    entry,
    state: down.has(entry.id) ? 'down' : 'up',
    reason: down.get(entry.id) ?? '',
  }))
  const known = catalogue.tools.all.map(({ canonical }) => canonical)
  const { message, hint } = unknownName(name, known, servers)
  console.error(plain(`${message}\n${hint}`))
  return 1
}

/** Takes every definition as it is now for good; refuses while a server does not answer. */
export async function pin(options: Options): Promise<number> {
  const { registry, catalogue, silent } = await look(options)
  const file = registry.pins?.file
  if (file === undefined || silent.length > 0) {
    const why =
      file === undefined
        ? 'hub.yaml names no pins.file'
        : `${silent.map(({ id }) => id).join(', ')} did not answer`
    console.error(`Nothing was pinned: ${why}`)
    return 1
  }
  const pins = Object.fromEntries([...pinsOf(catalogue)].map(([name, { digest }]) => [name, digest]))
  writeFileSync(file, `${JSON.stringify(pins, null, 2)}\n`)
  console.log(`${Object.keys(pins).length} definitions are pinned in ${file}`)
  return 0
}
