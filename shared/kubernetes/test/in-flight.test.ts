import { describe, expect, it } from 'vitest'
import { InFlight } from '../src/client/in-flight.ts'

const pending = () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const seen: AbortSignal[] = []
  const start = (signal: AbortSignal) => {
    seen.push(signal)
    signal.addEventListener('abort', () => reject(signal.reason))
    return promise
  }
  return { start, resolve, reject, seen }
}

describe('reads in flight', () => {
  it('share one request, and start anew once it is done', async () => {
    const inFlight = new InFlight()
    const one = pending()
    let shared = 0
    const calls = [1, 2, 3].map(() => inFlight.share('k', undefined, one.start, () => shared++))
    one.resolve('done')
    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done'])
    expect([one.seen.length, shared]).toEqual([1, 2])
    expect(await inFlight.share('k', undefined, async () => 'again')).toBe('again')
  })

  it('a caller that leaves does not take the others with it', async () => {
    const inFlight = new InFlight()
    const one = pending()
    const leaver = new AbortController()
    const left = inFlight.share('k', leaver.signal, one.start)
    const stays = inFlight.share('k', undefined, one.start)
    leaver.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(one.seen[0]?.aborted).toBe(false)
    one.resolve('still here')
    expect(await stays).toBe('still here')
  })

  it('the last one to leave ends the request', async () => {
    const inFlight = new InFlight()
    const one = pending()
    const leaver = new AbortController()
    const left = inFlight.share('k', leaver.signal, one.start)
    leaver.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(one.seen[0]?.aborted).toBe(true)
    expect(await inFlight.share('k', undefined, async () => 'fresh')).toBe('fresh')
  })

  it('a failure reaches everybody and is not remembered', async () => {
    const inFlight = new InFlight()
    const one = pending()
    const calls = [1, 2].map(() => inFlight.share('k', undefined, one.start))
    one.reject(new Error('broken'))
    for (const call of calls) await expect(call).rejects.toThrow('broken')
    expect(await inFlight.share('k', undefined, async () => 'ok')).toBe('ok')
  })
})
