import type { Cluster, Target } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import type { Resource } from '../discovery/discovery.ts'
import { LogLines } from '../logs/log-lines.ts'
import { LogWindow } from '../logs/log-window.ts'
import { MOST_BYTES, readLog } from '../logs/read-log.ts'
import { CONTEXT_LINES, cutLine, ShownLines } from '../logs/shown-lines.ts'

export interface PodLogQuery {
  namespace: string
  name: string
  container?: string | undefined
  /** Newest lines. */
  tail: number
  previous?: boolean | undefined
  signal?: AbortSignal | undefined
}

export interface BoundedLog {
  target: Target
  /** Oldest first, sanitised. */
  lines: string[]
  /** There are older lines than these. */
  older: boolean
  note?: string
}

const BATCH_CHARS = 16 * 1024

/** The newest lines of one container's log, bounded and sanitised, in exactly one request. */
export async function podLog(cluster: Cluster, pods: Resource, query: PodLogQuery): Promise<BoundedLog> {
  const { namespace, name, container, tail, previous, signal } = query
  // Secrets may begin before the first line that is shown.
  const asked = tail + CONTEXT_LINES
  const body = await cluster.stream(pathOf(pods, namespace, name, 'log'), {
    signal,
    query: { container, previous: previous ? 'true' : undefined, tailLines: String(asked) },
  })
  const reading = { lines: new LogLines(), window: new LogWindow({ keep: asked }), searchMs: 0 }
  await readLog(reading, body, signal)
  const { sanitizer } = cluster
  const shown = new ShownLines({ sanitizer, batch: BATCH_CHARS, torn: reading.lines.pieces >= asked })
  const lines = [...(await shown.take(reading.window.lines)), ...(await shown.end())]
  const notes = [
    ...(reading.lines.bytes > MOST_BYTES ? ['reading ended after 32 MB: newer lines were not reached'] : []),
    ...(reading.lines.cut > 0 ? [`${reading.lines.cut} very long lines were cut`] : []),
  ]
  return {
    target: cluster.target(namespace),
    lines: lines.slice(Math.max(0, lines.length - tail)).map(cutLine),
    older: lines.length > tail || reading.lines.pieces >= asked,
    ...(notes.length > 0 && { note: notes.join('; ') }),
  }
}
