import { setTimeout as pause } from 'node:timers/promises'
import type { KubeObject } from '@gatehouse/kubernetes'
import type { Ground } from '../executor/ground.ts'
import type { Baseline } from './baseline.ts'
import { checkOf } from './checks.ts'
import type { Seen } from './seen.ts'

/**
 * Waits until what the plan expects is there and stays for the settling time, at most as long as the plan says. Undefined
 * where nothing is expected, or the caller leaves before there is an answer.
 */
export async function verify(
  ground: Ground,
  written: KubeObject | undefined,
  baseline: Baseline,
): Promise<{ ok: boolean; text: string } | undefined> {
  const { planned, timing, signal } = ground
  if (planned.expectation.check === 'none') return undefined
  const look = checkOf(ground, written, baseline)
  const end = Date.now() + planned.expectation.timeoutSeconds * 1000
  let metSince: number | undefined
  for (;;) {
    if (signal.aborted) return undefined
    const seen = await lookOnce(look)
    const now = Date.now()
    metSince = seen.met ? (metSince ?? now) : undefined
    if (metSince !== undefined && now - metSince >= timing.settle) return { ok: true, text: seen.text }
    if (seen.hopeless) return { ok: false, text: seen.text }
    if (now >= end && metSince === undefined) {
      return { ok: false, text: `not within ${planned.expectation.timeoutSeconds} s: ${seen.text}` }
    }
    await pause(timing.poll)
  }
}

async function lookOnce(look: () => Promise<Seen>): Promise<Seen> {
  try {
    return await look()
  } catch {
    return { met: false, text: 'the cluster could not be asked' }
  }
}
