import { GatehouseError } from '@gatehouse/errors'
import { turn } from '@gatehouse/sanitizer'
import type { Cluster, Target } from '../client/cluster.ts'
import { follow } from '../logs/follow.ts'
import { type LineFilter, lineFilter } from '../logs/line-filter.ts'
import { LogLines } from '../logs/log-lines.ts'
import { LogWindow } from '../logs/log-window.ts'
import { type LogSource, openLog, whyEmpty } from '../logs/open-log.ts'
import { exhausted, type LogReading, MOST_BYTES, readLog } from '../logs/read-log.ts'
import { CONTEXT_LINES, cutLine, ShownLines } from '../logs/shown-lines.ts'
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
  /** Told each batch of new lines while following, sanitised and fenced. */
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
const BATCH_CHARS = 16 * 1024

/** The newest lines of a container's log: bounded, sanitised, honest about what it left out. */
export async function logs(cluster: Cluster, query: LogQuery): Promise<PodLog> {
  const { name: pod, container, previous, signal, tail = 100 } = query
  const namespace = query.namespace ?? cluster.namespace
  const source: LogSource = { cluster, namespace, pod, container, previous, signal }
  const filter = query.grep ? await lineFilter(query.grep) : undefined
  const plan: Plan = {
    source,
    filter,
    tail,
    keep: tail < 0 ? MOST_LINES : Math.min(tail, MOST_LINES),
    since: parseSince(query.since),
    torn: query.since !== undefined,
  }
  const following = query.follow === true && !previous
  const { reading, lines, notes, ...found } = following
    ? await readFollowing(plan, query.onLines)
    : await readOnce(plan)
  // A container that has not run answers with nothing at all.
  if (reading.lines.read === 0 && tail !== 0 && !query.since) {
    await throwIfNotStarted({ ...source, container: found.container })
  }
  // What makes a reply of it is work too.
  await turn()
  return {
    target: cluster.target(namespace),
    pod,
    ...(found.container && { container: found.container }),
    lines: lines.map(cutLine),
    total:
      following || isPartial(plan, reading) ? { atLeast: reading.window.matched } : reading.window.matched,
    ...(notes.length > 0 && { note: notes.join('; ') }),
  }
}

interface Plan {
  source: LogSource
  filter: LineFilter | undefined
  tail: number
  keep: number
  since: ReturnType<typeof parseSince>
  /** The log begins where the caller chose. */
  torn: boolean
}

async function readOnce(plan: Plan) {
  const { source, filter, keep, since, torn } = plan
  const { sanitizer } = source.cluster
  const { body, container, others } = await openLog(source, { ...since, tailLines: String(askedOf(plan)) })
  const shown = new ShownLines({ sanitizer, batch: BATCH_CHARS, torn })
  const reading: LogReading = {
    lines: new LogLines(),
    shown: filter && shown,
    window: new LogWindow({ keep: filter ? keep : askedOf(plan), filter }),
    searchMs: 0,
  }
  await readLog(reading, body, source.signal)
  const notes = [...othersNote(others), ...limitNotes(reading, plan)]
  const { window } = reading
  return { reading, container, notes, lines: filter ? window.lines : await newestShown(window, shown, keep) }
}

async function readFollowing(
  { source, filter, tail, keep, since, torn }: Plan,
  onLines: LogQuery['onLines'],
) {
  const { sanitizer } = source.cluster
  const reading = {
    lines: new LogLines(),
    shown: new ShownLines({ sanitizer, batch: 0, torn }),
    window: new LogWindow({ keep: Math.max(keep, MOST_FOLLOWED), filter }),
    searchMs: 0,
  }
  const { note, container, others } = await follow(source, reading, { tail, since, onLines })
  return { reading, container, notes: [note, ...othersNote(others)], lines: reading.window.lines }
}

// More than is kept tells whether there are older ones, and what the first one begins with.
function askedOf({ filter, keep }: Plan): number {
  return filter ? SEARCHED_LINES : keep + CONTEXT_LINES
}

async function newestShown(window: LogWindow, shown: ShownLines, keep: number): Promise<string[]> {
  const lines = [...(await shown.take(window.lines)), ...(await shown.end())]
  return lines.slice(Math.max(0, lines.length - keep))
}

async function throwIfNotStarted(source: LogSource): Promise<void> {
  const reason = await whyEmpty(source).catch((error: unknown) => {
    // Who may read logs but not pods has the empty log as the answer.
    if (error instanceof GatehouseError && error.code === 'FORBIDDEN') return undefined
    throw error
  })
  if (reason) throw reason
}

function isPartial(plan: Plan, reading: LogReading): boolean {
  const { bytes, pieces } = reading.lines
  return bytes > MOST_BYTES || exhausted(reading) || pieces >= askedOf(plan)
}

function limitNotes(reading: LogReading, { filter }: Plan): string[] {
  const { read, bytes, pieces, cut } = reading.lines
  const notes: string[] = []
  const newer = 'newer lines were not reached: use since or a smaller tail'
  if (exhausted(reading)) notes.push(`the search took too long after ${read} lines; ${newer}`)
  else if (bytes > MOST_BYTES) notes.push(`reading ended after 32 MB; ${newer}`)
  else if (filter) {
    const all = pieces < SEARCHED_LINES
    notes.push(`searched ${all ? 'all' : 'the last'} ${read} lines${all ? '' : ' only'}`)
  }
  if (cut > 0) notes.push(`${cut} very long lines were cut`)
  if (pieces > read) notes.push('tail counts a long line once per 16 kB: raise it for older lines')
  return notes
}

function othersNote(others: string[]): string[] {
  return others.length > 0 ? [`other containers: ${others.join(', ')}`] : []
}
