import { GatehouseError } from '@gatehouse/errors'
import type { LogLines } from './log-lines.ts'
import type { LogWindow } from './log-window.ts'
import type { ShownLines } from './shown-lines.ts'

/** Reading ends after this many bytes. */
export const MOST_BYTES = 32 * 1024 * 1024
const SLICE_BYTES = 16 * 1024
const SEARCH_MS = 2_000

/** What a log goes through: bytes, lines, lines that may be shown, the newest that pass. */
export interface LogReading {
  lines: LogLines
  /** Absent where only the last lines matter: these are sanitised at the end. */
  shown?: ShownLines | undefined
  window: LogWindow
  /** Time that searching has taken. */
  searchMs: number
}

/** True once a search has used up its time: what comes now would not be searched. */
export function exhausted({ shown, searchMs }: LogReading): boolean {
  return searchMs + (shown?.ms ?? 0) > SEARCH_MS
}

/** Reads a log to its end, or as far as time and size allow. */
export async function readLog(
  reading: LogReading,
  body: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const chunk of body) {
      for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
        await take(reading, reading.lines.push(chunk.subarray(start, start + SLICE_BYTES)))
        signal?.throwIfAborted()
      }
      if (reading.lines.bytes > MOST_BYTES || exhausted(reading)) break
    }
    await take(reading, reading.lines.end())
    if (reading.shown) search(reading, await reading.shown.end())
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw broken(cause)
  }
}

/** Searches lines that may be shown; returns those that passed. */
export function search(reading: LogReading, lines: readonly string[]): string[] {
  const started = performance.now()
  const passed = reading.window.take(lines)
  reading.searchMs += performance.now() - started
  return passed
}

export function broken(cause: unknown): GatehouseError {
  return new GatehouseError('CLUSTER_UNREACHABLE', 'The log stopped half-way', { cause })
}

async function take(reading: LogReading, lines: string[]): Promise<void> {
  if (reading.shown) search(reading, await reading.shown.take(lines))
  else reading.window.take(lines)
}
