import { gzipSync } from 'node:zlib'
import type { Planted } from './planted.ts'
import { ALNUM, type Random } from './random.ts'

/** What someone, or a program that means no harm, does to text so that a pattern does not see it. */
export type Disguise = {
  name: string
  claimed: boolean
  /** One level of escaping: not claimed inside of a carrier that escapes too. */
  escapes?: boolean
  /** Undefined where it cannot be applied. */
  apply(planted: Planted, random: Random): Planted | undefined
}

/** Puts signs inside the secrets and the names beside them, some characters apart. */
function strewn(planted: Planted, random: Random, sign: () => string): Planted {
  let next = random.between(2, 6)
  let text = ''
  for (const letter of planted.text) {
    if (next-- === 0) {
      text += sign()
      next = random.between(2, 9)
    }
    text += letter
  }
  return { ...planted, text }
}

const strew = (name: string, signs: readonly string[]): Disguise => ({
  name,
  claimed: true,
  apply: (planted, random) => strewn(planted, random, () => random.pick(signs)),
})

/** What of the base64 of a text belongs to the secret alone. */
function encodedPart(text: string, secret: string): string {
  const written = text.includes(secret) ? secret : JSON.stringify(secret).slice(1, -1)
  const from = Buffer.byteLength(text.slice(0, text.indexOf(written)))
  const encoded = Buffer.from(text).toString('base64')
  return encoded.slice(Math.ceil((from * 8) / 6), Math.floor(((from + Buffer.byteLength(written)) * 8) / 6))
}

function base64(planted: Planted, format: 'base64' | 'base64url' = 'base64'): Planted {
  const text = Buffer.from(planted.text).toString(format)
  const encoded = planted.secrets.map((secret) => encodedPart(planted.text, secret))
  const forms =
    format === 'base64' ? encoded : encoded.map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))
  return { text, secrets: [...planted.secrets, ...forms] }
}

function wrap(text: string, widths: () => number): string {
  const lines: string[] = []
  for (let i = 0; i < text.length; ) {
    const width = widths()
    lines.push(text.slice(i, i + width))
    i += width
  }
  return lines.join('\n')
}

function broken(planted: Planted, text: string): Planted {
  const pieces = text.split('\n').filter((line) => line.length >= 8)
  return { text, secrets: [...planted.secrets, ...pieces], lines: true }
}

const percent = (text: string) => encodeURIComponent(text)
const escaped = (text: string, random: Random) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[A-Za-z0-9=:](?!.{0,5}\\)/g, (letter, at: number, whole: string) =>
      whole[at - 1] !== '\\' && random.chance(0.15)
        ? `\\u00${letter.charCodeAt(0).toString(16).padStart(2, '0')}`
        : letter,
    )
const HOMOGLYPHS: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х' }

export const disguises: readonly Disguise[] = [
  { name: 'none', claimed: true, apply: (planted) => planted },
  strew('ANSI colours inside', ['\u001b[31m', '\u001b[0m', '\u001b[1;38;5;196m', '\u001b[K', '\u009b2m']),
  strew('zero-width inside', ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad']),
  strew('bidi controls inside', ['\u202e', '\u202c', '\u2066', '\u2069', '\u200f']),
  strew('tag characters inside', ['\u{e0041}', '\u{e007f}', '\u{e0020}']),
  { name: 'base64', claimed: true, apply: (planted) => base64(planted) },
  { name: 'base64url', claimed: true, apply: (planted) => base64(planted, 'base64url') },
  {
    name: 'base64 in lines of 64 or 76',
    claimed: true,
    apply: (planted, random) => {
      const encoded = base64(planted)
      const width = random.pick([64, 76])
      return encoded.text.length <= width
        ? undefined
        : broken(
            planted,
            wrap(encoded.text, () => width),
          )
    },
  },
  {
    name: 'URL encoding',
    claimed: true,
    apply: ({ text, secrets }) => ({ text: percent(text), secrets }),
  },
  {
    name: 'JSON escapes',
    claimed: true,
    escapes: true,
    apply: (planted, random) => ({ text: escaped(planted.text, random), secrets: planted.secrets }),
  },
  {
    name: 'JWT broken at column 64',
    claimed: true,
    apply: (planted) =>
      /^e[yw][JA0o][\w.-]{70,}$/.test(planted.text)
        ? broken(
            planted,
            wrap(planted.text, () => 64),
          )
        : undefined,
  },
  {
    name: 'line ends of Windows',
    claimed: true,
    apply: (planted) =>
      planted.text.includes('\n') ? { ...planted, text: planted.text.replaceAll('\n', '\r\n') } : undefined,
  },
  {
    name: 'hex',
    claimed: false,
    apply: ({ text, secrets }) => {
      const hex = (plain: string) => Buffer.from(plain).toString('hex')
      return { text: hex(text), secrets: [...secrets, ...secrets.map(hex)] }
    },
  },
  {
    name: 'gzip and base64',
    claimed: false,
    apply: ({ text }) => {
      const packed = gzipSync(text).toString('base64')
      return { text: packed, secrets: [packed.slice(16)] }
    },
  },
  { name: 'base64 twice', claimed: false, apply: (planted) => base64(base64(planted)) },
  {
    name: 'base64 in uneven lines',
    claimed: false,
    apply: (planted, random) => {
      const encoded = base64(planted)
      return encoded.text.length < 40
        ? undefined
        : broken(
            planted,
            wrap(encoded.text, () => random.between(20, 44)),
          )
    },
  },
  {
    name: 'URL encoding twice',
    claimed: false,
    apply: ({ text, secrets }) => ({ text: percent(percent(text)), secrets }),
  },
  {
    name: 'homoglyphs in the name',
    claimed: false,
    apply: (planted) => {
      const [secret = ''] = planted.secrets
      const at = planted.text.indexOf(secret)
      const name = planted.text.slice(0, at).replace(/[aceopx]/g, (letter) => HOMOGLYPHS[letter] ?? letter)
      return at <= 0 ? undefined : { ...planted, text: name + planted.text.slice(at) }
    },
  },
  {
    name: 'broken over two lines',
    claimed: false,
    apply: (planted) => {
      const [secret = ''] = planted.secrets
      const middle = planted.text.indexOf(secret) + (secret.length >> 1)
      if (planted.lines || secret.length < 20 || new RegExp(`[^${ALNUM}]`).test(secret)) return undefined
      return { ...planted, text: `${planted.text.slice(0, middle)}\n${planted.text.slice(middle)}` }
    },
  },
]
