import { spawn } from 'node:child_process'
import { ensureBinaries } from '@gatehouse/testing'

/** `npm test [-- vitest arguments]`: builds the test cluster's binaries once, then runs every test. */
const HELP = `npm test [-- <vitest arguments>]

Runs every test of the repository on a real Kubernetes control plane. The first run builds that control plane from Go
modules (about eight minutes on two cores, kept in the user's cache); later runs start it in seconds.

  npm test -- shared/sanitizer          only the tests of one package
  TEST_KUBECONFIG=<file> npm test       use an existing cluster
  GATEHOUSE_TEST_BIN=<folder> npm test  use ready binaries`

if (process.argv.includes('--help')) console.log(HELP)
else {
  await ensureBinaries()
  const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname
  const root = new URL('..', import.meta.url).pathname
  const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: root,
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
