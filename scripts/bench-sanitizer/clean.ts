import { setImmediate } from 'node:timers/promises'
import { createSanitizer } from '@gatehouse/sanitizer'
import { cleanPages, touchedLines } from '../../shared/sanitizer/test/corpus/clean/index.ts'

export type Clean = { lines: number; distinct: number; touched: number; alone: number; examples: string[] }

/** Lines without any secret that change: in pages as they are read, and alone as fields of an object. */
export async function measureClean(seed: number, lines: number): Promise<Clean> {
  const sanitizer = createSanitizer({ key: 'bench' })
  const result: Clean = { lines: 0, distinct: 0, touched: 0, alone: 0, examples: [] }
  const seen = new Set<string>()
  for (const page of cleanPages(seed, lines)) {
    const touched = touchedLines(page, sanitizer.text(page))
    result.touched += touched.length
    result.examples.push(...touched.slice(0, Math.max(0, 5 - result.examples.length)))
    for (const line of page.split('\n')) {
      result.lines++
      seen.add(line)
      const row = { line }
      if (sanitizer.value(row) !== row) result.alone++
    }
    await setImmediate()
  }
  return { ...result, distinct: seen.size }
}
