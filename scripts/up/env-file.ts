import { readFileSync, writeFileSync } from 'node:fs'
import { Problem } from './problem.ts'

export type Values = Record<string, string>

const HEADER = '# Written by "npm run up", read by "docker compose". Other lines are kept.'

/** The .env file as Compose reads it: plain and single-quoted values, which is all that is written here. */
export function readEnv(file: string): Values {
  const values: Values = {}
  for (const line of linesOf(file)) {
    const [, name, text = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name) values[name] = /^(['"])(.*)\1$/.exec(text)?.[2] ?? text
  }
  return values
}

/** Sets these values in the file and leaves every other line as it is. */
export function writeEnv(file: string, values: Values): void {
  const ours = Object.entries(values).map(([name, value]) => `${name}=${quoted(name, value)}`)
  const others = linesOf(file).filter(
    (line) => line !== HEADER && !Object.hasOwn(values, line.split('=', 1)[0]?.trim() ?? ''),
  )
  writeFileSync(file, [HEADER, ...ours, ...others, ''].join('\n'), { mode: 0o600 })
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').replace(/\n+$/, '').split('\n').filter(Boolean)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

// Compose expands $ in plain values and in double quotes, never in single ones.
function quoted(name: string, value: string): string {
  if (/^[\w./:@%+,-]*$/.test(value)) return value
  if (/['\n\r]/.test(value))
    throw new Problem(`${name}: a quote or line break in it cannot be given to Compose`)
  return `'${value}'`
}
