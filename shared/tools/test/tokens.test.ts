import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { estimateTokens } from '../src/index.ts'

const rows = Array.from({ length: 40 }, (_, index) => ({
  name: `checkout-7d9f8b6c5${index}-x${(index * 7919).toString(36)}`,
  namespace: 'shop',
  ready: index % 5 === 0 ? '0/1' : '1/1',
  status: index % 5 === 0 ? 'CrashLoopBackOff' : 'Running',
  restarts: index % 7,
  age: `${index}h`,
  node: `node-${index % 3}`,
}))
const samples = {
  'rows as JSON': JSON.stringify(rows),
  'rows as text': rows.map((row) => Object.values(row).join('  ')).join('\n'),
  prose: readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8'),
  logs: rows
    .map((row) => `2026-11-21T07:00:19.${row.restarts}Z INFO handled path=/api/${row.name} ms=12`)
    .join('\n'),
  uuids: Array.from({ length: 30 }, (_, index) => `${index}d3b07384-d113-4ec6-a5d3-9f1c0b2e7a${index}`).join(
    ' ',
  ),
}

describe('estimateTokens', () => {
  for (const [what, text] of Object.entries(samples)) {
    it(`is close to o200k for ${what}`, () => {
      const ratio = estimateTokens(text) / encode(text).length
      expect(ratio).toBeGreaterThan(0.8)
      expect(ratio).toBeLessThan(1.3)
    })
  }

  it('is never far below, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 400 }),
      fc.base64String({ maxLength: 400 }),
      fc.lorem(),
      fc.json(),
    )
    fc.assert(
      fc.property(text, (one) => estimateTokens(one) >= encode(one).length * 0.6 - 3),
      { numRuns: 1000 },
    )
  })

  it('is zero for nothing and grows with the text', () => {
    expect(estimateTokens('')).toBe(0)
    fc.assert(fc.property(fc.string(), (text) => estimateTokens(`${text} more`) >= estimateTokens(text)))
  })
})
