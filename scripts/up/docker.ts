import { spawn } from 'node:child_process'
import { Problem } from './problem.ts'

export interface Engine {
  rootless: boolean
}

interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Asks the engine whether it is there. Throws a Problem that says which part is missing. */
export async function findEngine(): Promise<Engine> {
  const otherwise = 'Or run without Docker: npm start'
  const info = await run(['info', '--format', '{{json .SecurityOptions}}'])
  if (info.code === 127) {
    throw new Problem(`Docker is not installed (https://docs.docker.com/get-docker/). ${otherwise}`)
  }
  if (info.code !== 0) {
    const denied = /permission denied/i.test(info.stderr)
    const reason = denied
      ? 'This user may not use the Docker engine; add it to the group "docker", or use rootless Docker.'
      : 'The Docker engine does not answer; start it (Docker Desktop, or "systemctl start docker").'
    throw new Problem(`${reason} ${otherwise}`)
  }
  const compose = await run(['compose', 'version', '--short'])
  if (compose.code !== 0) {
    throw new Problem(`Docker has no Compose plugin (https://docs.docker.com/compose/install/). ${otherwise}`)
  }
  return { rootless: info.stdout.includes('rootless') }
}

/** docker compose in the repository's folder; `shown` lets the reader watch, otherwise the output is returned. */
export function compose(args: string[], options: { cwd: string; shown?: boolean }): Promise<Ran> {
  return run(['compose', ...args], options)
}

function run(args: string[], options: { cwd?: string; shown?: boolean } = {}): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const child = spawn('docker', args, {
    cwd: options.cwd,
    stdio: options.shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString()
  })
  child.on('error', () => resolve({ code: 127, ...output }))
  child.on('close', (code) => resolve({ code: code ?? 1, ...output }))
  return promise
}
