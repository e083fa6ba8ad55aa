import { describe, expect, it } from 'vitest'
import { createMetrics } from '../src/index.ts'

describe('metrics', () => {
  it('render as Prometheus text and give the same numbers as data', async () => {
    const metrics = createMetrics(() => ({ jwt: 3 }))
    metrics.callFinished('a.b', 'ok', undefined, 0.25)
    metrics.callFinished('a.b', 'tool_error', 'NOT_FOUND', 0.75)
    metrics.callFinished('a.c', 'ok', undefined, 0.002)
    metrics.callsInFlight(1)
    metrics.apiRequest('GET', '200', 0.01)
    metrics.coalesced()
    const text = await metrics.render()
    expect(text).toContain(
      'gatehouse_call_duration_seconds_count{tool="a.b",outcome="tool_error",error_code="NOT_FOUND"} 1',
    )
    expect(text).toContain('gatehouse_redactions_total{class="jwt"} 3')
    expect(await metrics.snapshot()).toEqual({
      calls: 3,
      errors: 1,
      inFlight: 1,
      apiRequests: 1,
      sharedReads: 1,
      redactions: 3,
      tools: [
        { tool: 'a.b', calls: 2, errors: 1, meanMs: 500 },
        { tool: 'a.c', calls: 1, errors: 0, meanMs: 2 },
      ],
    })
  })

  it('of one process do not appear in another, and nothing yet is zero, not NaN', async () => {
    createMetrics().callsInFlight(1)
    expect(await createMetrics().snapshot()).toEqual({
      calls: 0,
      errors: 0,
      inFlight: 0,
      apiRequests: 0,
      sharedReads: 0,
      redactions: 0,
      tools: [],
    })
  })
})
