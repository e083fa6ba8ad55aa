import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  misspelt,
  names,
  oneOf,
  port,
  readSettings,
  SettingError,
  secret,
  settingsHelp,
  text,
} from '../src/index.ts'

const definitions = {
  PORT: port('a port', 8008),
  TOKEN: secret('a token'),
  LEVEL: oneOf('a level', ['info', 'warn'], 'info'),
  SETS: names('sets', ['all']),
  HOME_PAGE: text('a page', 'x'),
}
const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (content: string) => {
  const name = path.join(folder, `${Math.random()}`)
  writeFileSync(name, content)
  return name
}
const TOKEN = 'a'.repeat(32)

describe('settings', () => {
  it('have defaults, and an empty value counts as not set', () => {
    const fallback = { PORT: 8008, TOKEN: undefined, LEVEL: 'info', SETS: ['all'], HOME_PAGE: 'x' }
    expect(readSettings(definitions, {})).toEqual(fallback)
    expect(readSettings(definitions, { PORT: '', TOKEN: '', LEVEL: '', SETS: '', HOME_PAGE: '' })).toEqual(
      fallback,
    )
  })

  it('are read', () => {
    const given = { PORT: '0', TOKEN, LEVEL: 'warn', SETS: 'essential, infra.k8s', HOME_PAGE: 'y' }
    expect(readSettings(definitions, given)).toEqual({
      PORT: 0,
      TOKEN,
      LEVEL: 'warn',
      SETS: ['essential', 'infra.k8s'],
      HOME_PAGE: 'y',
    })
  })

  it.each([
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '8008x'],
    ['PORT', '0x50'],
    ['PORT', '1e3'],
    ['PORT', ' 80'],
    ['PORT', '８０'],
    ['TOKEN', 'short'],
    ['TOKEN', `${TOKEN} ${TOKEN}`],
    ['TOKEN', `${TOKEN}ü`],
    ['LEVEL', 'INFO'],
    ['LEVEL', 'toString'],
    ['SETS', ','],
    ['SETS', 'a b'],
    ['SETS', 'a,,b'],
    ['SETS', '../x'],
  ])('%s=%s stops the start with one line that names it and does not repeat it', (name, value) => {
    const error = failure({ [name]: value })
    expect(error.message).toMatch(new RegExp(`^${name}: expected `))
    expect(error.message).not.toContain('\n')
    if (value.length > 3 && name === 'TOKEN') expect(error.message).not.toContain(value)
  })

  it('whatever a value is, the outcome is a setting or a SettingError that names it', () => {
    fc.assert(
      fc.property(fc.constantFrom('PORT', 'TOKEN', 'LEVEL', 'SETS'), fc.string(), (name, value) => {
        try {
          readSettings(definitions, { [name]: value })
        } catch (error) {
          expect(error).toBeInstanceOf(SettingError)
          expect((error as Error).message.startsWith(`${name}: `)).toBe(true)
        }
      }),
    )
  })
})

describe('a secret in a file', () => {
  it('is read without its line end', () => {
    expect(readSettings(definitions, { TOKEN_FILE: file(`${TOKEN}\n`) }).TOKEN).toBe(TOKEN)
  })
  it('gives way to the variable itself', () => {
    const both = { TOKEN: 'b'.repeat(32), TOKEN_FILE: file(TOKEN) }
    expect(readSettings(definitions, both).TOKEN).toBe('b'.repeat(32))
  })
  it.each([
    ['empty', () => file(''), /^TOKEN: expected at least 32/],
    ['of two lines', () => file(`${TOKEN}\n${TOKEN}\n`), /^TOKEN: expected printable ASCII/],
    ['short', () => file('hunter2'), /^TOKEN: expected at least 32 characters$/],
    ['missing', () => path.join(folder, 'nope'), /^TOKEN_FILE: the file cannot be read \(ENOENT\)$/],
    ['a folder', () => folder, /^TOKEN_FILE: the file cannot be read \(EISDIR\)$/],
  ])('that is %s stops the start', (_case, make, message) => {
    expect(failure({ TOKEN_FILE: make() }).message).toMatch(message)
  })
  it('is only for secrets', () => {
    expect(readSettings(definitions, { PORT_FILE: file('80') }).PORT).toBe(8008)
  })
})

describe('misspelt names', () => {
  it.each([
    ['TOKNE', 'TOKEN'],
    ['TOKE', undefined],
    ['TOKENS', 'TOKEN'],
    ['LEVEN', 'LEVEL'],
    ['HOMEPAGE', 'HOME_PAGE'],
    ['TOKEN_FLIE', 'TOKEN_FILE'],
    ['TOKEN', undefined],
    ['EDITOR', undefined],
    ['level', undefined],
  ])('%s resembles %s', (name, known) => {
    const expected = known ? [`${name} is not a setting; did you mean ${known}?`] : []
    expect(misspelt(definitions, { [name]: 'x' })).toEqual(expected)
  })
})

it('--help shows every setting with its default, and where a secret may stand', () => {
  const help = settingsHelp(definitions)
  expect(help.split('\n')).toHaveLength(5)
  expect(help).toMatch(/PORT +8008 +a port/)
  expect(help).toMatch(/TOKEN\[_FILE\] +– +a token/)
  expect(help).toMatch(/LEVEL +info +a level \(info, warn\)/)
})

function failure(environment: Record<string, string>): SettingError {
  try {
    readSettings(definitions, environment)
  } catch (error) {
    if (error instanceof SettingError) return error
    throw error
  }
  throw new Error('the setting was accepted')
}
