import { spawnSync } from 'node:child_process'

const root = new URL('..', import.meta.url).pathname
const { status } = spawnSync(`${root}node_modules/.bin/biome`, ['check', '--write', '--unsafe', '.'], {
  stdio: 'inherit',
  cwd: root,
})
process.exitCode = status ?? 1
