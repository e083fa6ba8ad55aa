import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pieces, plainly } from '../src/html/odd-characters.ts'

const odd = (text: string, identifier = false) =>
  pieces(text, identifier)
    .filter((piece) => piece.odd)
    .map((piece) => piece.text)

describe('pieces', () => {
  it.each([
    ['a bidirectional override', 'pay\u202eexe', ['U+202E']],
    ['a zero-width space', 'sh\u200bop', ['U+200B']],
    ['a tag character', 'a\u{e0041}', ['U+E0041']],
    ['an escape', 'a\u001b[31m', ['U+001B']],
    ['NUL', 'a\0', ['U+0000']],
    ['a soft hyphen', 'a\u00adb', ['U+00AD']],
    ['a no-break space', 'a\u00a0b', ['U+00A0']],
    ['a filler', '\u3164', ['U+3164']],
    ['a line separator', 'a\u2028b', ['U+2028']],
    ['private use', '\ue000', ['U+E000']],
    ['a lone surrogate', 'a\ud800', ['U+D800']],
    ['stacked marks', 'z\u0300\u0301\u0302\u0303', ['U+0302', 'U+0303']],
    ['a Cyrillic letter in a Latin word', 'sh\u043ep', ['\u043e U+043E']],
    ['a Greek letter in a Latin word', 'kub\u03b5', ['\u03b5 U+03B5']],
    ['full width', '\uff53hop', ['\uff53 U+FF53']],
    ['mathematical bold', '\u{1d429}rod', ['\u{1d429} U+1D429']],
  ])('shows %s', (_what, text, expected) => {
    expect(odd(text)).toEqual(expected)
  })

  it.each([
    'plain text\n\twith lines',
    'Zoë naïve Überblick',
    'магазин',
    'κατάστημα',
    '部署 网页',
    'مرحبا',
    'p99 > 250 µs',
    '✅ done ❤️',
  ])('leaves %j as it is', (text) => {
    expect(odd(text)).toEqual([])
  })

  it('marks everything outside ASCII in an identifier', () => {
    expect(odd('ѕһор', true)).toHaveLength(4)
    expect(odd('web-7d9c', true)).toEqual([])
  })

  it('loses and hides nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const whole = pieces(text)
          .map((piece) => (piece.odd ? original(piece.text) : piece.text))
          .join('')
        expect(whole).toBe(text)
        expect(plainly(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes time in proportion to the text', () => {
    expect(pieces(`${'а'.repeat(200_000)}a`).length).toBeGreaterThan(100_000)
    expect(pieces('\u0300'.repeat(100_000)).length).toBeGreaterThan(50_000)
  })
})

function original(name: string): string {
  return String.fromCodePoint(Number.parseInt(name.slice(name.indexOf('U+') + 2), 16))
}
