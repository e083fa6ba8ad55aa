import { describe, expect, it } from 'vitest'
import { annotationsOf, risks } from '../src/index.ts'

describe('annotations follow from the risk', () => {
  it.each([
    ['read', true, false, true],
    ['write', false, false, false],
    ['destructive', false, true, false],
  ] as const)('%s', (risk, readOnlyHint, destructiveHint, idempotentHint) => {
    expect(annotationsOf(risk)).toEqual({
      readOnlyHint,
      destructiveHint,
      idempotentHint,
      openWorldHint: true,
    })
  })

  it('all four are said for every risk, so that no host falls back to its own default', () => {
    for (const risk of risks) {
      const hints = Object.values(annotationsOf(risk))
      expect(hints).toHaveLength(4)
      expect(hints.every((hint) => typeof hint === 'boolean')).toBe(true)
    }
  })
})
