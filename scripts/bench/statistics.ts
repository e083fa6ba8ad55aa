/** The middle value; of an even number the mean of the two middle ones. Throws where nothing was measured. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error('nothing was measured')
  const sorted = [...samples].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? 0)) / 2
}

/** Milliseconds each of `runs` sequential runs took. */
export async function timeEach(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await work()
    samples.push(performance.now() - started)
  }
  return samples
}
