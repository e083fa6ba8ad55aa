import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogWindow } from '../../src/logs/log-window.ts'
import { shownLines } from '../../src/logs/shown-lines.ts'

function feed(window: LogWindow, bytes: Buffer, cuts: number[] = []): string[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  )
  const passed = places.slice(1).flatMap((end, index) => window.push(bytes.subarray(places[index], end)))
  return [...passed, ...window.end()]
}

const body = Array.from({ length: 20 }, (_, index) => `MIIEpAIBAAKCAQEA${index}`)
const key = ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----']

describe('LogWindow', () => {
  it('splits the same lines wherever the chunks end, and keeps the newest', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '-', 'é', '€', '😀', '\0'), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), fc.nat({ max: 10 }), (lines, cuts, keep) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''))
        const window = new LogWindow({ keep })
        const expected = bytes.toString().split('\n').slice(0, -1)
        expect(feed(window, bytes, cuts)).toEqual(expected)
        expect(window.lines).toEqual(keep === 0 ? [] : expected.slice(-keep))
        expect([window.read, window.matched, window.bytes]).toEqual([
          lines.length,
          lines.length,
          bytes.length,
        ])
      }),
    )
  })

  it('takes bytes that are no UTF-8, a missing last newline and CRLF', () => {
    const window = new LogWindow({ keep: 10 })
    feed(window, Buffer.concat([Buffer.from([0xff, 0x41, 0x0a]), Buffer.from('b\r\n\nlast')]), [2, 4])
    expect(window.lines).toEqual(['\ufffdA', 'b', '', 'last'])
  })

  it('cuts a line of 1 MB with its true size and counts the pieces it is in the file', () => {
    const window = new LogWindow({ keep: 10 })
    feed(window, Buffer.from(`${'y'.repeat(1_000_000)}\nshort\n`), [1, 70_000, 500_000])
    expect(window.lines[0]).toMatch(/^y{16384}… \[line of 1000000 bytes, cut\]$/)
    expect(window.lines[1]).toBe('short')
    expect([window.cut, window.read, window.pieces]).toEqual([1, 2, 63])
  })

  it('holds a bounded number of characters however much is fed', () => {
    const window = new LogWindow({ keep: 20_000 })
    for (let index = 0; index < 400; index++)
      window.push(Buffer.from(`${`${index} `.padEnd(999, 'z')}\n`.repeat(10)))
    expect(window.lines.join('').length).toBeLessThanOrEqual(128 * 1024)
    expect(window.lines.at(-1)).toMatch(/^399 z/)
    expect(window.matched).toBe(4_000)
  })

  it('keeps what passes the filter only', () => {
    const window = new LogWindow({ keep: 2, filter: (line) => line.startsWith('e') })
    feed(window, Buffer.from('e1\nx\ne2\nx\ne3\n'))
    expect(window.lines).toEqual(['e2', 'e3'])
    expect([window.read, window.matched]).toEqual([5, 3])
  })

  it('never lets a search have the body of a private key without its head', () => {
    const window = new LogWindow({ keep: 100, filter: (line) => !line.includes('-----') })
    const passed = feed(window, Buffer.from(['before', ...key, 'after', ''].join('\n')))
    expect(passed).toEqual(['before', '[redacted:private-key]', 'after'])
  })

  it('shows a log again when a key has a head and no end', () => {
    const window = new LogWindow({ keep: 1_000 })
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`)
    feed(window, Buffer.from(['-----BEGIN PRIVATE KEY-----', ...lines, ''].join('\n')))
    expect(window.lines.at(-1)).toBe('line 299')
  })
})

describe('shownLines', () => {
  const seen: string[] = []
  const sanitizer = {
    text: (text: string) => {
      seen.push(text)
      return text.replace(/SECRET-\w+/g, '[redacted]')
    },
  } as never

  it('sanitises before it cuts, so that no half of a secret stays', () => {
    const [line] = shownLines([`${'x'.repeat(1_990)} SECRET-${'s'.repeat(300)}`], sanitizer)
    expect(line).toContain('[redacted')
    expect(line).not.toContain('sss')
  })

  it('sanitises all lines as one text, because a secret may span them', () => {
    seen.length = 0
    shownLines(['a', 'b'], sanitizer)
    expect(seen).toEqual(['a\nb'])
  })

  it('says how long a cut line was', () => {
    expect(shownLines(['z'.repeat(5_000)], sanitizer)[0]).toMatch(
      /^z{2000}… \[line of 5000 characters, cut\]$/,
    )
  })
})
