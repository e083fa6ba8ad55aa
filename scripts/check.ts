import { spawn } from 'node:child_process'

/** `npm run check`: format, lint, types, unused code, documentation, names, generated files. All run, then the failures are named. */
const bin = (name: string) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname
const run = new URL('./run.mjs', import.meta.url).pathname

const steps = [
  {
    name: 'format and lint',
    command: bin('biome'),
    arguments: ['ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.'],
  },
  { name: 'types', command: bin('tsc'), arguments: ['-p', 'tsconfig.json'] },
  { name: 'unused code', command: bin('knip'), arguments: [] },
  { name: 'documentation', command: process.execPath, arguments: [run, 'docs-check'] },
  { name: 'names and budgets', command: process.execPath, arguments: [run, 'names-check'] },
  { name: 'generated files', command: process.execPath, arguments: [run, 'generate', '--check'] },
]

const failed: string[] = []
for (const step of steps) {
  const started = performance.now()
  const code = await exitCode(step.command, step.arguments)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`)
  if (code !== 0) failed.push(step.name)
}
if (failed.length > 0) {
  console.error(
    `check failed: ${failed.join(', ')}. "npm run fix" mends format and simple lint; "npm run generate" the rest.`,
  )
  process.exitCode = 1
}

function exitCode(command: string, args: string[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const child = spawn(command, args, { stdio: 'inherit', cwd: new URL('..', import.meta.url).pathname })
  child.on('exit', (code) => resolve(code ?? 1))
  child.on('error', () => resolve(127))
  return promise
}
