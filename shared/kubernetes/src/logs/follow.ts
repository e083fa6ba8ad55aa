import { GatehouseError } from '@gatehouse/errors'
import { LogLines } from './log-lines.ts'
import { LogWindow } from './log-window.ts'
import { type LogSource, openLog } from './open-log.ts'
import { broken, exhausted, type LogReading, readLog, search } from './read-log.ts'
import { CONTEXT_LINES, cutLine, ShownLines } from './shown-lines.ts'

const FOLLOW_MS = 20_000
const ENOUGH_LINES = 500
const MOST_MESSAGE_LINES = 50
const MOST_TAIL = 1_000

export interface FollowOptions {
  /** Lines to begin with; -1 is as many as possible. */
  tail: number
  since: { sinceSeconds?: string; sinceTime?: string }
  onLines?: ((text: string) => void) | undefined
  followMs?: number
}

interface Followed {
  note: string
  container?: string
  others: string[]
}

/** Reads a log as it grows, for 20 s, 500 lines or until it ends, and tells each batch of lines as it comes. */
export async function follow(
  source: LogSource,
  reading: LogReading & { shown: ShownLines },
  { tail, since, onLines, followMs = FOLLOW_MS }: FollowOptions,
): Promise<Followed> {
  const over = AbortSignal.timeout(followMs)
  const signal = source.signal ? AbortSignal.any([source.signal, over]) : over
  const wanted = tail < 0 ? MOST_TAIL : Math.min(tail, MOST_TAIL)
  const query = { ...since, tailLines: String(wanted + CONTEXT_LINES) }
  const { lines, shown } = reading
  let opened: Omit<Followed, 'note'> = {
    others: [],
    ...(source.container && { container: source.container }),
  }
  let skip = 0
  const tell = (clean: string[]) => {
    const passed = search(reading, clean.slice(skip))
    skip -= Math.min(skip, clean.length)
    const text = messageOf(passed)
    // It leaves without the pipeline that makes replies.
    if (text) onLines?.(source.cluster.sanitizer.fence(text, `log of pod ${source.pod}`))
  }
  const tellRest = async () => tell([...(await shown.take(lines.end())), ...(await shown.end())])
  try {
    const { linesNow, ...rest } = await measure({ ...source, signal }, query)
    opened = rest
    skip = Math.max(0, linesNow - wanted)
    const { container } = opened
    const { body } = await openLog({ ...source, container, signal }, { ...query, follow: 'true' })
    for await (const chunk of body) {
      tell(await shown.take(lines.push(chunk)))
      if (reading.window.matched >= ENOUGH_LINES || exhausted(reading)) {
        return { ...opened, note: `followed until ${reading.window.matched} lines had come` }
      }
    }
    await tellRest()
    return { ...opened, note: 'the log has ended: the container is not running' }
  } catch (cause) {
    if (source.signal?.aborted) throw source.signal.reason
    if (!over.aborted) throw cause instanceof GatehouseError ? cause : broken(cause)
    await tellRest()
    return { ...opened, note: `followed for ${Math.round(followMs / 1000)} s` }
  }
}

// A stream does not say where old lines end and new ones begin, so those before the tail are counted first.
async function measure(source: LogSource, query: Record<string, string | undefined>) {
  const { body, ...opened } = await openLog(source, query)
  const torn = query.sinceSeconds !== undefined || query.sinceTime !== undefined
  const reading: LogReading = {
    lines: new LogLines(),
    shown: new ShownLines({ sanitizer: source.cluster.sanitizer, batch: Number.POSITIVE_INFINITY, torn }),
    window: new LogWindow({ keep: 0 }),
    searchMs: 0,
  }
  await readLog(reading, body, source.signal)
  return { ...opened, linesNow: reading.window.matched }
}

function messageOf(lines: string[]): string {
  const shown = lines.slice(-MOST_MESSAGE_LINES).map(cutLine).join('\n')
  const left = lines.length - MOST_MESSAGE_LINES
  return left > 0 ? `(${left} more lines)\n${shown}` : shown
}
