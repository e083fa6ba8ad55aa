import { createSanitizer } from '@gatehouse/sanitizer'
import { cleanPages } from '../../shared/sanitizer/test/corpus/clean/index.ts'
import { Random } from '../../shared/sanitizer/test/corpus/random.ts'
import { opaque, secretName } from '../../shared/sanitizer/test/corpus/values.ts'
import { median } from '../bench/statistics.ts'
import { processorTime } from './processor-time.ts'

export type Throughput = { work: string; processor: number; wall: number }

const PAGE = 65_536
const MEGABYTE = 1_048_576

/** Milliseconds for a page of logs and for a megabyte, without secrets and with one in every twentieth line. */
export function measureThroughput(seed: number, quick: boolean): Throughput[] {
  const clean = cleanPages(seed, 14_000).join('\n')
  const planted = withSecrets(clean, seed)
  const runs = quick ? 40 : 300
  return [
    time('64 KB of logs, clean', clean.slice(0, PAGE), runs),
    time('64 KB of logs, a secret in every 20th line', planted.slice(0, PAGE), runs),
    time('1 MB of logs, clean', clean.slice(0, MEGABYTE), Math.ceil(runs / 15)),
    time('1 MB of logs, a secret in every 20th line', planted.slice(0, MEGABYTE), Math.ceil(runs / 15)),
  ]
}

function withSecrets(text: string, seed: number): string {
  const random = new Random(seed, 'throughput')
  const lines = text.split('\n')
  return lines
    .map((line, i) => (i % 20 === 0 ? `${line} ${secretName(random)}=${opaque(random)}` : line))
    .join('\n')
}

function time(work: string, text: string, runs: number): Throughput {
  const sanitizer = createSanitizer({ key: 'bench' })
  for (let i = 0; i < Math.ceil(runs / 5); i++) sanitizer.text(text)
  const samples = Array.from({ length: runs }, () => processorTime(() => sanitizer.text(text)))
  return {
    work,
    processor: median(samples.map(({ processor }) => processor)),
    wall: median(samples.map(({ wall }) => wall)),
  }
}
