import { readFile, writeFile } from 'node:fs/promises'

/**
 * `node scripts/run.mjs complete-lock`: after `npm install` against a registry mirror that serves only its own platform,
 * adds the optional packages of other platforms to package-lock.json, so that `npm ci` works everywhere. Where nothing
 * is missing it changes nothing.
 */
interface Entry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  optionalDependencies?: Record<string, string>
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, Entry> }
const added: string[] = []
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${owner}/node_modules/${name}`
    if (lock.packages[nested] || lock.packages[`node_modules/${name}`] || !/^\d+\.\d+\.\d+/.test(version))
      continue
    lock.packages[`node_modules/${name}`] = platformEntry(name, version, entry.dev === true)
    added.push(name)
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
if (added.length > 0) await writeFile(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
console.log(added.length === 0 ? 'nothing is missing' : `added: ${added.join(', ')}`)

// The name says for which platform a package is; npm skips it elsewhere by os and cpu.
function platformEntry(name: string, version: string, dev: boolean): Entry {
  const words = name.split('/').at(-1)?.split('-') ?? []
  const os = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'aix', 'sunos'].find((one) =>
    words.includes(one),
  )
  const cpu = [
    'arm64',
    'arm',
    'ia32',
    'x64',
    'ppc64',
    'ppc64le',
    'riscv64',
    's390x',
    'loong64',
    'mips64el',
    'wasm32',
  ].find((one) => words.includes(one))
  return { version, ...(dev && { dev }), optional: true, ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }) }
}
