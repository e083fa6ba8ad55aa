import { setImmediate } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, Target } from '../client/cluster.ts'
import { follow } from '../logs/follow.ts'
import { type LineFilter, lineFilter } from '../logs/line-filter.ts'
import { LogWindow } from '../logs/log-window.ts'
import { type LogSource, openLog, whyEmpty } from '../logs/open-log.ts'
import { shownLines } from '../logs/shown-lines.ts'
import { parseSince } from '../logs/since.ts'

export interface LogQuery {
  name: string
  namespace?: string | undefined
  container?: string | undefined
  /** Newest lines, of the matching ones with `grep`; -1 is all that fits the bound. */
  tail?: number | undefined
  since?: string | undefined
  previous?: boolean | undefined
  grep?: string | undefined
  follow?: boolean | undefined
  /** Told each batch of new lines while following, sanitised. */
  onLines?: ((text: string) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface PodLog {
  target: Target
  pod: string
  /** Known where one was named or had to be chosen. */
  container?: string
  /** Oldest first. */
  lines: string[]
  /** Lines that were asked about: of the log, or matching ones with grep. */
  total: number | { atLeast: number }
  note?: string
}

const MOST_LINES = 20_000
const MOST_FOLLOWED = 1_000
const SEARCHED_LINES = 100_000
const MOST_BYTES = 32 * 1024 * 1024
const SLICE_BYTES = 8 * 1024
const SLOW_MS = 5

/** The newest lines of a container's log: bounded, sanitised, honest about what it left out. */
export async function logs(cluster: Cluster, query: LogQuery): Promise<PodLog> {
  const { name: pod, container, previous, signal, tail = 100 } = query
  const namespace = query.namespace ?? cluster.namespace
  const source: LogSource = { cluster, namespace, pod, container, previous, signal }
  const filter = query.grep ? await lineFilter(query.grep) : undefined
  const keep = tail < 0 ? MOST_LINES : Math.min(tail, MOST_LINES)
  const since = parseSince(query.since)
  const window = new LogWindow({ keep: query.follow ? Math.max(keep, MOST_FOLLOWED) : keep, filter })
  const notes: string[] = []
  // One line more than is kept tells whether there are older ones.
  const asked = filter ? SEARCHED_LINES : keep + 1
  let read = container
  if (query.follow && !previous) {
    const tailLines = String(tail < 0 ? MOST_FOLLOWED : tail)
    const followed = await follow(source, { ...since, tailLines }, window, query)
    notes.push(followed.note, ...othersNote(followed.others))
    read = followed.container
  } else {
    const log = await openLog(source, { ...since, tailLines: String(asked) })
    await readInto(window, log.body, signal)
    notes.push(...othersNote(log.others), ...limitNotes(window, filter))
    read = log.container
  }
  // A container that has not run answers with nothing at all.
  if (window.read === 0 && tail !== 0 && !query.since) await throwIfNotStarted({ ...source, container: read })
  const lines = shownLines(window.lines, cluster.sanitizer)
  return {
    target: cluster.target(namespace),
    pod,
    ...(read && { container: read }),
    lines,
    total: totalOf(window, query, asked),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  }
}

async function readInto(
  window: LogWindow,
  body: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const chunk of body) {
      await pushInSlices(window, chunk)
      if (window.bytes > MOST_BYTES || window.exhausted) break
    }
    window.end()
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw new GatehouseError('CLUSTER_UNREACHABLE', 'The log stopped half-way', { cause })
  }
}

// A costly pattern may take milliseconds for a line; others must get their turn in between.
async function pushInSlices(window: LogWindow, chunk: Buffer): Promise<void> {
  for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
    const before = window.filterMs
    window.push(chunk.subarray(start, start + SLICE_BYTES))
    if (window.filterMs - before > SLOW_MS) await setImmediate()
  }
}

async function throwIfNotStarted(source: LogSource): Promise<void> {
  const reason = await whyEmpty(source).catch((error: unknown) => {
    // Who may read logs but not pods has the empty log as the answer.
    if (error instanceof GatehouseError && error.code === 'FORBIDDEN') return undefined
    throw error
  })
  if (reason) throw reason
}

function totalOf(window: LogWindow, query: LogQuery, asked: number): PodLog['total'] {
  const partial = window.bytes > MOST_BYTES || window.exhausted || window.pieces >= asked
  return partial || query.follow ? { atLeast: window.matched } : window.matched
}

function limitNotes(window: LogWindow, filter: LineFilter | undefined): string[] {
  const notes: string[] = []
  const newer = 'newer lines were not reached: use since or a smaller tail'
  if (window.exhausted) notes.push(`the search took too long after ${window.read} lines; ${newer}`)
  else if (window.bytes > MOST_BYTES) notes.push(`reading ended after 32 MB; ${newer}`)
  else if (filter) {
    const all = window.pieces < SEARCHED_LINES
    notes.push(`searched ${all ? 'all' : 'the last'} ${window.read} lines${all ? '' : ' only'}`)
  }
  if (window.cut > 0) notes.push(`${window.cut} very long lines were cut`)
  if (window.pieces > window.read)
    notes.push('tail counts a long line once per 16 kB: raise it for older lines')
  return notes
}

function othersNote(others: string[]): string[] {
  return others.length > 0 ? [`other containers: ${others.join(', ')}`] : []
}
