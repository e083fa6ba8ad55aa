import { withCorrelation } from '@gatehouse/telemetry'
import { describe, expect, it } from 'vitest'
import { auditHeaders, auditId } from '../src/client/audit-id.ts'

describe('Audit-ID', () => {
  it('is a UUIDv5 that only id and number decide', () => {
    expect(auditId('abc', 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(auditId('abc', 1)).toBe(auditId('abc', 1))
    expect(new Set([auditId('abc', 1), auditId('abc', 2), auditId('abd', 1)]).size).toBe(3)
  })

  it('is another one in every hop of a call', () => {
    const hop = (spanId: string) =>
      withCorrelation({ correlationId: 'c-1', traceId: 't', spanId, sampled: false }, auditHeaders)
    expect(hop('a')['audit-id']).not.toBe(hop('b')['audit-id'])
  })

  it('counts the requests of one call', () => {
    const correlation = { correlationId: 'c-1', traceId: 't', spanId: 's', sampled: false }
    const [first, second] = withCorrelation(correlation, () => [auditHeaders(), auditHeaders()])
    expect(first?.['audit-id']).toBe(auditId('c-1#s', 1))
    expect(second?.['audit-id']).toBe(auditId('c-1#s', 2))
    expect(first?.['user-agent']).toContain('(cid=c-1)')
    expect(auditHeaders()).not.toHaveProperty('audit-id')
  })
})
