/** Milliseconds: of this thread's processor time, which does not grow while others use the machine, and by the clock. */
export type Times = { processor: number; wall: number }

export function processorTime(work: () => void): Times {
  const cpu = process.threadCpuUsage()
  const started = performance.now()
  work()
  const wall = performance.now() - started
  const { user, system } = process.threadCpuUsage(cpu)
  return { processor: (user + system) / 1000, wall }
}
