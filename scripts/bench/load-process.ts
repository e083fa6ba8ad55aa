import { setTimeout as pause } from 'node:timers/promises'
import { processorSeconds } from './process.ts'
import { type Era, toolCall, Wire } from './wire.ts'

// Sends one tools/call after another on ten kept-alive connections, in a process of its own so that it can have a
// core of its own. Prints calls per second and the server's processor time per call.
const [port = '', pid = '', era = '', seconds = ''] = process.argv.slice(2)
export interface Load {
  rates: number[]
  /** Processor time the server used for one call. */
  microseconds?: number | undefined
}

const CONNECTIONS = 10
const WARM_UP_MS = 3_000
const request = toolCall('bench.nothing', { text: 'a short text' }, era as Era)
let calls = 0
let stopped = false

const wires = await Promise.all(Array.from({ length: CONNECTIONS }, () => Wire.open(Number(port))))
const lanes = wires.map(async (wire) => {
  while (!stopped) {
    const answer = await wire.send(request)
    if (!answer.includes('a short text')) throw new Error(`unexpected answer: ${answer.slice(0, 500)}`)
    calls++
  }
  wire.close()
})
await Promise.race([Promise.all(lanes), measure()])
await Promise.all(lanes)

async function measure(): Promise<void> {
  await pause(WARM_UP_MS)
  const rates: number[] = []
  const first = calls
  const used = processorSeconds(Number(pid))
  for (let second = 0; second < Number(seconds); second++) {
    const before = calls
    const started = performance.now()
    await pause(1_000)
    rates.push((calls - before) / ((performance.now() - started) / 1000))
  }
  const now = processorSeconds(Number(pid))
  const microseconds =
    used === undefined || now === undefined ? undefined : ((now - used) / (calls - first)) * 1e6
  stopped = true
  console.log(JSON.stringify({ rates, microseconds } satisfies Load))
}
