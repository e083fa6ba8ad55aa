import { describe, expect, it } from 'vitest'
import { annotationsOf } from '../src/index.ts'

describe('annotations follow from the risk', () => {
  it.each([
    ['read', { readOnlyHint: true }],
    ['write', { readOnlyHint: false, destructiveHint: false }],
    ['destructive', { readOnlyHint: false, destructiveHint: true }],
  ] as const)('%s', (risk, hints) => expect(annotationsOf(risk)).toEqual(hints))
})
