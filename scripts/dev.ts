import { spawn } from 'node:child_process'

/** `npm run dev`: `npm start` that begins again whenever a source file it has loaded changes. */
const HELP = `npm run dev

The same as npm start, restarted on every change of a source file, of whatever workspace. Ctrl-C stops it.
`

if (process.argv.includes('--help') || process.argv.includes('-h')) process.stdout.write(HELP)
else {
  const run = new URL('./run.mjs', import.meta.url).pathname
  const watch = ['--watch', '--watch-preserve-output', run, 'start', '--dev', ...process.argv.slice(2)]
  const child = spawn(process.execPath, watch, { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the child as well; this process only has to outlive it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => {
    process.exitCode = code ?? 0
  })
}
