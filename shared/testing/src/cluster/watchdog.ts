import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

// Runs as a process of its own beside every cluster and is the only way a cluster ends: when its standard input
// closes, by stop() or because the parent died in any way, even SIGKILL, it kills what was started and removes
// the folder. Lines say "+pid" for a program that started and "-pid" for one that has ended.
const [folder] = process.argv.slice(2)
const pids = new Set<number>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) pids.add(pid)
  else pids.delete(pid)
}
for (const pid of pids) send(pid, 'SIGKILL')
for (let waited = 0; waited < 3000 && [...pids].some((pid) => send(pid, 0)); waited += 20) await pause(20)
if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

/** Every program leads a process group, so what it started itself (an exec session) ends with it. */
function send(pid: number, signal: 'SIGKILL' | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}
