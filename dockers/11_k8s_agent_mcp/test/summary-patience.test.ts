import { createSanitizer } from '@gatehouse/sanitizer'
import type { Incoming, Reply } from '@gatehouse/tools'
import { expect, it, vi } from 'vitest'
import { withSummary } from '../src/summary/with-summary.ts'

// A model that never answers would cost 15 s of a real clock.
it('a model that does not answer is given up, and so is one whose caller has gone', async () => {
  const sanitizer = createSanitizer({ key: 'k'.repeat(32) })
  const reply: Reply = {
    structured: sanitizer.value({ a: 1 }),
    text: sanitizer.text('long enough '.repeat(100)),
    ...{ isError: false, http: 200 },
  }
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    expect(ms).toBe(15_000)
    return AbortSignal.abort(new Error('late'))
  })
  const warnings: string[] = []
  const write = (message: string) => void warnings.push(message)
  const log = { debug: write, info: write, warn: write, error: write, flush: () => {} }
  const port = {
    model: 'm',
    summarize: (_text: string, signal: AbortSignal) =>
      new Promise<string>((_resolve, reject) => (signal.aborted ? reject(signal.reason) : undefined)),
  }
  const incoming = { signal: new AbortController().signal } as Incoming
  expect(await withSummary(async () => reply, port, sanitizer, log)(incoming)).toBe(reply)
  timeout.mockImplementation(() => new AbortController().signal)
  const gone = { signal: AbortSignal.abort(new Error('gone')) } as Incoming
  expect(await withSummary(async () => reply, port, sanitizer, log)(gone)).toBe(reply)
  expect(warnings).toEqual(['no summary', 'no summary'])
})
