import { setTimeout as pause } from 'node:timers/promises'
import { processorSeconds } from '../bench/process.ts'
import { toolCall, Wire } from '../bench/wire.ts'

/** What one process of load is to do. */
export interface Load {
  port: number
  tool: string
  connections: number
  seconds: number
  /** Calls a second, spread evenly; without it one after the other on each connection. */
  rate?: number | undefined
  token?: string | undefined
  /** Answers that hold none of what was sent are right. */
  anyAnswer?: boolean | undefined
  /** A process whose processor time is counted meanwhile. */
  pid?: number | undefined
}

export interface Measured {
  /** Calls a second. */
  rate: number
  p50: number
  p99: number
  calls: number
  /** Processor time of the counted process for one call, which other load on the machine does not change. */
  microseconds?: number | undefined
}

// Runs in a process of its own, so that it can have a core of its own: `load-process.ts JSON`.
const WARM_UP_SECONDS = 1
const load = JSON.parse(process.argv[2] ?? '{}') as Load
const wires = await Promise.all(Array.from({ length: load.connections }, () => Wire.open(load.port)))
let samples: number[] = []
let calls = 0

async function one(wire: Wire, due = performance.now()): Promise<void> {
  // Never the same twice, so that nobody answers from memory.
  const text = `call ${process.pid} ${++calls}`
  const call = toolCall(load.tool, { text })
  const request = load.token
    ? call.replace('\r\n\r\n', `\r\nAuthorization: Bearer ${load.token}\r\n\r\n`)
    : call
  const answer = await wire.send(request)
  // From when it was due: a call that had to wait for a free connection has waited.
  samples.push(performance.now() - due)
  if (!load.anyAnswer && !answer.includes(text)) throw new Error(`unexpected answer: ${answer.slice(0, 400)}`)
}

async function closed(until: number): Promise<void> {
  const lanes = wires.map(async (wire) => {
    while (performance.now() < until) await one(wire)
  })
  await Promise.all(lanes)
}

async function open(until: number, rate: number): Promise<void> {
  const free = [...wires]
  const running = new Set<Promise<void>>()
  const begun = performance.now()
  for (let sent = 0; ; sent++) {
    const due = begun + (sent * 1_000) / rate
    if (due >= until) break
    while (performance.now() < due - 0.2) await pause(due - performance.now() > 2 ? 1 : 0)
    // Late where no connection is free: the time from when it was due counts all the same.
    while (free.length === 0) await Promise.race(running)
    const wire = free.pop() as Wire
    const call = one(wire, due).then(() => {
      free.push(wire)
      running.delete(call)
    })
    running.add(call)
  }
  await Promise.all(running)
}

const run = (seconds: number) => {
  const until = performance.now() + seconds * 1_000
  return load.rate ? open(until, load.rate) : closed(until)
}
await run(WARM_UP_SECONDS)
samples = []
const used = processorSeconds(load.pid ?? null)
const started = performance.now()
await run(load.seconds)
const seconds = (performance.now() - started) / 1_000
const sorted = samples.sort((a, b) => a - b)
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const spent = processorSeconds(load.pid ?? null)
const microseconds =
  used === undefined || spent === undefined ? undefined : ((spent - used) / samples.length) * 1e6
const measured: Measured = {
  rate: sorted.length / seconds,
  p50: at(0.5),
  p99: at(0.99),
  calls: sorted.length,
  microseconds,
}
console.log(JSON.stringify(measured))
for (const wire of wires) wire.close()
