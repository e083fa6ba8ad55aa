import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const EVERY_MS = 5_000
const IDLE = 0.02
const WORTH_IT_BYTES = 16 * 1024 * 1024

/**
 * Gives memory back when nothing runs. V8 sizes its heap for a machine it thinks it owns and keeps what a burst of
 * large lists needed, 90 MB more than is in use, for as long as the process idles; asked, it takes some 100 ms to let go.
 */
export function trimWhenIdle(): void {
  let before = performance.eventLoopUtilization()
  let kept = 0
  const look = (): void => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > IDLE || getHeapStatistics().total_heap_size < kept + WORTH_IT_BYTES) return
    collectGarbage()
    kept = getHeapStatistics().total_heap_size
  }
  setInterval(look, EVERY_MS).unref()
}

// Anything less thorough leaves the pages with V8, and what is unused in them resident.
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
