import type { Registry } from 'prom-client'

/** One process's counters. Labels are tool names, codes and verbs: a closed set, never a caller's text. */
export interface Metrics {
  callFinished(tool: string, outcome: string, errorCode: string | undefined, seconds: number): void
  callsInFlight(change: 1 | -1): void
  apiRequest(verb: string, status: string, seconds: number): void
  coalesced(): void
  /** Prometheus text format. */
  render(): Promise<string>
  /** The same numbers as data, for infra.k8s.getMetrics. */
  snapshot(): Promise<MetricsSnapshot>
}

export interface MetricsSnapshot {
  calls: number
  errors: number
  inFlight: number
  apiRequests: number
  sharedReads: number
  redactions: number
  tools: { tool: string; calls: number; errors: number; meanMs: number }[]
}

const CALL_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

// prom-client with what it brings takes 50 ms and 10 MB to load: it waits until somebody asks, or much is waiting.
const MOST_WAITING = 2_000

/** `redactions` tells the sanitizer's counts per class; they are read when somebody asks. */
export function createMetrics(redactions: () => Readonly<Record<string, number>> = () => ({})): Metrics {
  const waiting: ((instruments: Instruments) => void)[] = []
  let ready: Instruments | undefined
  const load = lazily(async () => {
    ready = createInstruments(await import('prom-client'), redactions)
    for (const observe of waiting.splice(0)) observe(ready)
    return ready
  })
  const record = (observe: (instruments: Instruments) => void): void => {
    if (ready) observe(ready)
    else waiting.push(observe)
    if (waiting.length >= MOST_WAITING) void load()
  }
  return {
    callFinished: (tool, outcome, errorCode, seconds) =>
      record(({ calls }) => calls.observe({ tool, outcome, error_code: errorCode ?? '' }, seconds)),
    callsInFlight: (change) => record(({ inFlight }) => inFlight.inc(change)),
    apiRequest: (verb, status, seconds) => record(({ api }) => api.observe({ verb, status }, seconds)),
    coalesced: () => record(({ shared }) => shared.inc()),
    render: async () => (await load()).registry.metrics(),
    snapshot: async () => snapshotOf((await load()).registry),
  }
}

type Instruments = ReturnType<typeof createInstruments>

function createInstruments(
  { Counter, Gauge, Histogram, Registry }: typeof import('prom-client'),
  redacted: () => Readonly<Record<string, number>>,
) {
  const registry = new Registry()
  const registers = [registry]
  const calls = new Histogram({
    name: 'gatehouse_call_duration_seconds',
    help: 'Finished tool calls',
    labelNames: ['tool', 'outcome', 'error_code'],
    buckets: CALL_BUCKETS,
    registers,
  })
  const inFlight = new Gauge({ name: 'gatehouse_calls_in_flight', help: 'Tool calls now running', registers })
  const api = new Histogram({
    name: 'gatehouse_api_request_duration_seconds',
    help: 'Requests to Kubernetes API servers',
    labelNames: ['verb', 'status'],
    buckets: CALL_BUCKETS,
    registers,
  })
  new Counter({
    name: 'gatehouse_redactions_total',
    help: 'Values the sanitizer took out of replies and logs',
    labelNames: ['class'],
    registers,
    collect() {
      this.reset()
      for (const [kind, count] of Object.entries(redacted())) this.inc({ class: kind }, count)
    },
  })
  const shared = new Counter({
    name: 'gatehouse_shared_reads_total',
    help: 'Reads answered by an identical request already in flight',
    registers,
  })
  return { registry, calls, inFlight, api, shared }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

async function snapshotOf(registry: Registry): Promise<MetricsSnapshot> {
  const values = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values ?? []
  const calls = await values('gatehouse_call_duration_seconds')
  const total = (entries: { value: number }[]) => entries.reduce((sum, entry) => sum + entry.value, 0)
  const ends = (entries: typeof calls, suffix: string) =>
    entries.filter((entry) => 'metricName' in entry && String(entry.metricName).endsWith(suffix))
  const counts = ends(calls, '_count')
  const sums = ends(calls, '_sum')
  const failed = (entries: typeof calls) => entries.filter((entry) => entry.labels.outcome !== 'ok')
  const names = [...new Set(counts.map((entry) => String(entry.labels.tool)))].sort()
  return {
    calls: total(counts),
    errors: total(failed(counts)),
    inFlight: total(await values('gatehouse_calls_in_flight')),
    apiRequests: total(ends(await values('gatehouse_api_request_duration_seconds'), '_count')),
    sharedReads: total(await values('gatehouse_shared_reads_total')),
    redactions: total(await values('gatehouse_redactions_total')),
    tools: names.map((tool) => {
      const own = counts.filter((entry) => entry.labels.tool === tool)
      const seconds = total(sums.filter((entry) => entry.labels.tool === tool))
      const number = total(own)
      return {
        tool,
        calls: number,
        errors: total(failed(own)),
        meanMs: Math.round((seconds / number) * 1e5) / 100,
      }
    }),
  }
}
