import { readFileSync } from 'node:fs'
import { nearest } from '@gatehouse/errors'
import type { Setting } from './setting.ts'

// biome-ignore lint/suspicious/noExplicitAny: a record of settings of different types
export type Definitions = Record<string, Setting<any>>
export type Settings<D extends Definitions> = { [Name in keyof D]: D[Name]['fallback'] }

/** A setting that cannot be used. The message names it; main prints it and exits with 2. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

/**
 * Reads settings from an environment; an empty value counts as not set. Every secret may stand in the file that
 * NAME_FILE names. Throws SettingError for the first malformed value, without repeating it.
 */
export function readSettings<D extends Definitions>(
  definitions: D,
  environment: Record<string, string | undefined>,
): Settings<D> {
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(definitions)) {
    const given = givenText(name, setting, environment)
    values[name] = given === undefined ? setting.fallback : parse(name, setting, given)
  }
  return values as Settings<D>
}

/** Names in the environment that look like one of ours misspelt, each with the name it resembles. */
export function misspelt(
  definitions: Definitions,
  environment: Record<string, string | undefined>,
): string[] {
  const known = Object.keys(definitions).flatMap((name) => [name, `${name}_FILE`])
  return Object.keys(environment)
    .filter((name) => /^[A-Z0-9_]{5,}$/.test(name) && !known.includes(name))
    .flatMap((name) => {
      const [close] = nearest(name, known, 1)
      return close && isOneSlip(name, close) ? [`${name} is not a setting; did you mean ${close}?`] : []
    })
}

/** The text of --help: every setting with its default. */
export function settingsHelp(definitions: Definitions): string {
  const rows = Object.entries(definitions).map(([name, setting]) => {
    const shown = setting.shown ?? (setting.fallback === undefined ? '–' : String(setting.fallback))
    return [setting.secret ? `${name}[_FILE]` : name, shown, setting.help] as const
  })
  const width = Math.max(...rows.map(([name]) => name.length))
  const middle = Math.max(...rows.map(([, shown]) => shown.length))
  return rows
    .map(([name, shown, help]) => `  ${name.padEnd(width)}  ${shown.padEnd(middle)}  ${help}`)
    .join('\n')
}

function givenText(name: string, setting: Setting<unknown>, environment: Record<string, string | undefined>) {
  const direct = environment[name]
  if (direct) return direct
  const file = setting.secret ? environment[`${name}_FILE`] : undefined
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code
    throw new SettingError(`${name}_FILE: the file cannot be read (${reason})`, { cause })
  }
}

function parse(name: string, setting: Setting<unknown>, given: string): unknown {
  try {
    return setting.parse(given)
  } catch (cause) {
    throw new SettingError(`${name}: expected ${(cause as Error).message}`, { cause })
  }
}

// Environments are full of names that merely resemble ours; only one changed or missing letter counts.
function isOneSlip(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > 1) return false
  let start = 0
  while (start < name.length && name[start] === known[start]) start++
  const rest = (word: string, skip: number) => word.slice(start + skip)
  return (
    rest(name, 1) === rest(known, 1) ||
    rest(name, 0) === rest(known, 1) ||
    rest(name, 1) === rest(known, 0) ||
    (name[start] === known[start + 1] && name[start + 1] === known[start] && rest(name, 2) === rest(known, 2))
  )
}
