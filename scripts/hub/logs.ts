import { createReadStream, globSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { plain } from './plain.ts'

type Line = Record<string, unknown>

const COLUMNS = ['tool', 'server', 'caller', 'outcome', 'error_code', 'duration_ms', 'request', 'err']

/** Every line of one correlation id, from all the processes whose lines are given, in order of time; 1 for none. */
export async function logs(id: string, files: readonly string[]): Promise<number> {
  const found: Line[] = []
  for (const source of sourcesOf(files)) {
    const lines = createInterface({ input: source === '-' ? process.stdin : createReadStream(source) })
    for await (const text of lines) {
      const line = text.includes(id) ? parsed(text) : undefined
      if (line?.correlation_id === id) found.push(line)
    }
  }
  const time = ({ time: at }: Line) => told(at)
  for (const line of found.sort((a, b) => (time(a) < time(b) ? -1 : 1))) console.log(shown(line))
  if (found.length > 0) return 0
  console.error(`No line has the correlation id ${id}`)
  return 1
}

function sourcesOf(files: readonly string[]): readonly string[] {
  if (files.length > 0) return files
  if (!process.stdin.isTTY) return ['-']
  const { STATE_DIR, XDG_STATE_HOME, HOME = '' } = process.env
  const folder = STATE_DIR ?? join(XDG_STATE_HOME ?? join(HOME, '.local/state'), 'gatehouse')
  return globSync('{,**/}*.{log,jsonl}', { cwd: folder }).map((file) => join(folder, file))
}

// docker compose writes the service's name in front of each line.
function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text.slice(text.indexOf('{'))) as Line
  } catch {
    return undefined
  }
}

function shown(line: Line): string {
  const columns = COLUMNS.flatMap((name) => {
    const value = line[name]
    return value === undefined || value === null ? [] : [`${name}=${told(value)}`]
  })
  const head = [told(line.time), told(line.level).padEnd(5), told(line.service).padEnd(16), told(line.msg)]
  return [...head, ...columns].join('  ')
}

// A line may be of any program: what is no text is shown as JSON, on one line.
function told(value: unknown): string {
  return plain(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll('\n', ' ')
}
