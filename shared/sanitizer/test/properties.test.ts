import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'
import { carriers, selfEvident } from './carriers.ts'

const sanitizer = createSanitizer({ key: 'property key' })
const clean = (text: string) => sanitizer.text(text) as string

const secretValue = fc
  .string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.'),
    minLength: 16,
    maxLength: 48,
  })
  .map((value) => `q7${value}Z`)
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const noise = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'password',
      '=',
      ':',
      ' ',
      '"',
      "'",
      '\\',
      '\n',
      'token',
      '://',
      '@',
      'a',
      '-----BEGIN PRIVATE KEY-----',
      'eyJhbGciOiJ',
      '.',
      '[redacted:',
      ']',
      '{',
      '}',
      'Bearer ',
      'Cookie: ',
      '--',
      ',',
      '\u001b[',
      '\u200b',
      '\\u001b[0m',
      '[redacted:token]',
      'postgres://a:b',
      'auth: aaaa',
      '%3D',
      'auth',
      '- ',
      'key',
      '|',
      'x7Gh29dKq',
    ),
  }),
)

function survivors(secret: string, text: string): string[] {
  const windows = Array.from({ length: Math.max(0, secret.length - 7) }, (_, i) => secret.slice(i, i + 8))
  return windows.filter((window) => text.includes(window))
}

describe('no eight characters of a secret survive', () => {
  test.each(Object.keys(carriers))('%s', (name) => {
    fc.assert(
      fc.property(secretValue, (secret) => {
        const text = carriers[name]!(secret)
        expect(survivors(secret, clean(text))).toEqual([])
        expect(survivors(secret, JSON.stringify(sanitizer.value({ rows: [{ text }] })))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test.each(Object.keys(selfEvident))('%s, anywhere and cut at its end', (name) => {
    fc.assert(
      fc.property(hex, fc.nat(), (supply, at) => {
        const secret = selfEvident[name]!(supply)
        const body = name === 'pem' ? secret.split('\n').slice(1, -1) : [secret]
        for (const text of [`seen ${secret} here`, JSON.stringify({ msg: `seen ${secret}.` })]) {
          for (const line of body) expect(survivors(line, clean(text))).toEqual([])
        }
        if (name === 'bootstrap') return
        const cut = secret.slice(0, at % secret.length)
        // Of a cut prefix nothing needs to go: it says whose the secret is, not what.
        const prefix = /^(?:sk-ant-|dop_v1_|sk_live_|glpat-)/
        const cutBody = name === 'pem' ? cut.split('\n').slice(1).join('\n').replace(/-.*/, '') : cut
        const left = survivors(cutBody, clean(`seen ${cut}`)).filter((window) => !prefix.test(window))
        expect(left).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('known values, in any text and form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 }),
        fc.string({ maxLength: 20 }),
        (value, around) => {
          const known = value.trim()
          fc.pre(known.length >= 8 && !/^\[|redacted/.test(known))
          const own = createSanitizer({ key: 'k', known: [known] })
          for (const form of [known, encodeURIComponent(known), JSON.stringify(known).slice(1, -1)]) {
            expect(survivors(form, own.text(`${around} ${form} ${around}`).replaceAll(around, ''))).toEqual(
              [],
            )
          }
        },
      ),
    )
  })
})

describe('holds for anything', () => {
  test('twice is once', () => {
    fc.assert(
      fc.property(noise, (text) => {
        const once = clean(text)
        expect(clean(once)).toBe(once)
        const fenced = sanitizer.fence(text, 'a source')
        expect(clean(fenced)).toBe(fenced)
      }),
      { numRuns: 2000 },
    )
  })

  test('arbitrary data: never throws, keeps its shape, twice is once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const once = sanitizer.value(data)
        expect(sanitizer.value(once)).toEqual(once)
        expect(shape(once)).toEqual(shape(data))
        expect(() => sanitizer.maskObject(data)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  test('anything at all: never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
        }),
        (data) => {
          expect(() => JSON.stringify(sanitizer.value(data))).not.toThrow()
          expect(() => sanitizer.maskObject(data)).not.toThrow()
        },
      ),
      { numRuns: 500 },
    )
  })

  test('words, names, digests and numbers stay', () => {
    const token = fc.oneof(
      fc.uuid(),
      fc.nat().map(String),
      hex.map((h) => `sha256:${h}`),
      hex.map((h) => h.slice(0, 40)),
      hex.map((h) => `web-${h.slice(0, 10)}-${h.slice(10, 15)}`),
      fc.domain(),
      fc.ipV4(),
      fc.constantFrom('Running', 'CrashLoopBackOff', 'restarted', 'level=info', 'kube-system'),
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (words) => {
        const line = words.join(' ')
        expect(clean(line)).toBe(line)
      }),
      { numRuns: 1000 },
    )
  })

  test('same key and input, same bytes; another key, other digests', () => {
    const same = createSanitizer({ key: 'property key' })
    const other = createSanitizer({ key: 'another key' })
    const text = 'password=abcdefgh12'
    expect(same.text(text)).toBe(clean(text))
    expect(other.text(text)).not.toBe(clean(text))
    expect(same.fence(text, 'x')).toBe(sanitizer.fence(text, 'x'))
  })
})

function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (value !== null && typeof value === 'object') return Object.values(value).map(shape)
  // A number under a name like `pw` becomes the text of a mark.
  return value === null ? null : typeof value === 'number' ? 'string' : typeof value
}
