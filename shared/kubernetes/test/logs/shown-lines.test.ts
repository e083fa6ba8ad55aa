import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutLine, ShownLines, type ShownOptions } from '../../src/logs/shown-lines.ts'

const sanitizer = createSanitizer({ key: 'test' })
const encoded = Buffer.from(
  JSON.stringify({
    auths: { 'registry.example.com': { auth: Buffer.from('user:Tr0ub4dor-and-3').toString('base64') } },
  }),
).toString('base64')
const [head, rest] = [encoded.slice(0, 56), encoded.slice(56)]
const mark = expect.stringMatching(/^\[redacted:encoded:\w+\]$/)

async function batches(parts: string[][], options: Partial<ShownOptions> = {}): Promise<string[][]> {
  const shown = new ShownLines({ sanitizer, batch: 0, ...options })
  const all: string[][] = []
  for (const part of parts) all.push(await shown.take(part))
  return [...all, await shown.end()]
}

describe('ShownLines', () => {
  it('shows a credential that is wrapped over lines as one mark, however it comes', async () => {
    expect(await batches([['a', head, rest, 'b']])).toEqual([['a', mark, 'b'], []])
    expect(await batches([['a', head], [rest], ['b']])).toEqual([['a'], [mark], ['b'], []])
    expect(await batches([['a', head], [rest]])).toEqual([['a'], [mark], []])
  })

  it('sanitises with the lines before, in batches of any size', async () => {
    const filler = Array.from({ length: 3_000 }, (_, index) => `request ${index} served in 3 ms`)
    const log = [...filler, head, rest, ...filler, 'password=Tr0ub4dor-and-3']
    for (const batch of [0, 1_000, 32 * 1024]) {
      const shown = (await batches([log], { batch })).flat()
      expect(shown).toHaveLength(6_002)
      expect(shown[3_000]).toEqual(mark)
      expect(shown.at(-1)).toMatch(/^password=\[redacted/)
    }
  })

  it('loses no line and shows none twice', async () => {
    const line = fc.oneof(fc.constantFrom(head, rest, 'token: abc', ''), fc.stringMatching(/^[a-z ]{0,60}$/))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line)), async (parts) => {
        const numbered = parts.map((part, i) =>
          part.map((one, j) => (/^[a-z ]*$/.test(one) ? `#${i}.${j} ${one}` : one)),
        )
        const plain = (lines: string[]) =>
          lines.filter((one) => /^#\d+\.\d+ /.test(one)).map((one) => one.split(' ')[0])
        expect(plain((await batches(numbered)).flat())).toEqual(plain(numbered.flat()))
      }),
      { numRuns: 50 },
    )
  })

  it('shows no rest of something encoded at a cut', async () => {
    const shown = await batches([[rest], [rest, 'x', 'plain']], { torn: true })
    expect(shown.flat().slice(-2)).toEqual(['x', 'plain'])
    expect(shown.flat().join('\n')).not.toContain(rest.slice(0, 20))
  })

  it('waits for a wrapped text no longer than a key is', async () => {
    const shown = await batches([Array(200).fill('aB3'.repeat(20)), ['end']])
    expect(shown[0]?.length).toBeGreaterThan(0)
  })
})

describe('cutLine', () => {
  it('says how long a cut line was', () => {
    expect(cutLine('z'.repeat(5_000))).toMatch(/^z{2000}… \[line of 5000 characters, cut\]$/)
    expect(cutLine(`${'z'.repeat(5_000)}… [line of 9000 bytes, cut]`)).toMatch(
      /^z{2000}… \[line of 9000 bytes, cut\]$/,
    )
    expect(cutLine('z')).toBe('z')
  })
})
