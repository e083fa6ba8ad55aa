import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogLines } from '../../src/logs/log-lines.ts'
import { LogWindow } from '../../src/logs/log-window.ts'

function feed(lines: LogLines, bytes: Buffer, cuts: number[] = []): string[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  )
  const all = places.slice(1).flatMap((end, index) => lines.push(bytes.subarray(places[index], end)))
  return [...all, ...lines.end()]
}

const body = Array.from({ length: 20 }, (_, index) => `MIIEpAIBAAKCAQEA${index}`)
const key = ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----']

describe('LogLines', () => {
  it('splits the same lines wherever the chunks end', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '-', 'é', '€', '😀', '\0'), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (texts, cuts) => {
        const bytes = Buffer.from(texts.map((one) => `${one}\n`).join(''))
        const lines = new LogLines()
        expect(feed(lines, bytes, cuts)).toEqual(texts)
        expect([lines.read, lines.bytes]).toEqual([texts.length, bytes.length])
      }),
    )
  })

  it('takes bytes that are no UTF-8, a missing last newline and CRLF', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0x41, 0x0a]), Buffer.from('b\r\n\nlast')])
    expect(feed(new LogLines(), bytes, [2, 4])).toEqual(['\ufffdA', 'b', '', 'last'])
  })

  it('cuts a line of 1 MB with its true size and counts the pieces it is in the file', () => {
    const lines = new LogLines()
    const [long, short] = feed(lines, Buffer.from(`${'y'.repeat(1_000_000)}\nshort\n`), [1, 70_000, 500_000])
    expect(long).toMatch(/^y{16384}… \[line of 1000000 bytes, cut\]$/)
    expect(short).toBe('short')
    expect([lines.cut, lines.read, lines.pieces]).toEqual([1, 2, 63])
  })

  it('never lets a search have the body of a private key', () => {
    const bytes = Buffer.from(['before', ...key, 'after', ''].join('\n'))
    expect(feed(new LogLines(), bytes)).toEqual(['before', '[redacted:private-key]', 'after'])
  })

  it('shows a log again when a key has a head and no end', () => {
    const texts = Array.from({ length: 300 }, (_, index) => `line ${index}`)
    const bytes = Buffer.from(['-----BEGIN PRIVATE KEY-----', ...texts, ''].join('\n'))
    expect(feed(new LogLines(), bytes).at(-1)).toBe('line 299')
  })
})

describe('LogWindow', () => {
  it('keeps the newest lines', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), fc.nat({ max: 10 }), (batches, keep) => {
        const window = new LogWindow({ keep })
        for (const batch of batches) expect(window.take(batch)).toEqual(batch)
        expect(window.lines).toEqual(keep === 0 ? [] : batches.flat().slice(-keep))
        expect(window.matched).toBe(batches.flat().length)
      }),
    )
  })

  it('holds a bounded number of characters however much is fed', () => {
    const window = new LogWindow({ keep: 20_000 })
    for (let index = 0; index < 400; index++) window.take(Array(10).fill(`${index} `.padEnd(999, 'z')))
    expect(window.lines.join('').length).toBeLessThanOrEqual(128 * 1024)
    expect(window.lines.at(-1)).toMatch(/^399 z/)
    expect(window.matched).toBe(4_000)
  })

  it('keeps what passes the filter only', () => {
    const window = new LogWindow({ keep: 2, filter: (line) => line.startsWith('e') })
    window.take(['e1', 'x', 'e2', 'x', 'e3'])
    expect(window.lines).toEqual(['e2', 'e3'])
    expect(window.matched).toBe(3)
  })
})
