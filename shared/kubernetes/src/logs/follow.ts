import { GatehouseError } from '@gatehouse/errors'
import type { LogWindow } from './log-window.ts'
import { type LogSource, openLog } from './open-log.ts'
import { shownLines } from './shown-lines.ts'

const FOLLOW_MS = 20_000
const ENOUGH_LINES = 500
const MOST_MESSAGE_LINES = 50

interface Followed {
  note: string
  container?: string
  others: string[]
}

/** Reads a log as it grows, for 20 s, 500 lines or until it ends, and tells each batch of lines as it comes. */
export async function follow(
  source: LogSource,
  query: Record<string, string | undefined>,
  window: LogWindow,
  { onLines, followMs = FOLLOW_MS }: { onLines?: ((text: string) => void) | undefined; followMs?: number },
): Promise<Followed> {
  const over = AbortSignal.timeout(followMs)
  const signal = source.signal ? AbortSignal.any([source.signal, over]) : over
  const seconds = Math.round(followMs / 1000)
  let opened: Omit<Followed, 'note'> = {
    others: [],
    ...(source.container && { container: source.container }),
  }
  const tell = (lines: string[]) => {
    if (lines.length === 0 || !onLines) return
    const shown = shownLines(lines.slice(-MOST_MESSAGE_LINES), source.cluster.sanitizer)
    const left = lines.length - MOST_MESSAGE_LINES
    onLines(left > 0 ? `(${left} more lines)\n${shown.join('\n')}` : shown.join('\n'))
  }
  try {
    const { body, ...rest } = await openLog({ ...source, signal }, { ...query, follow: 'true' })
    opened = rest
    for await (const chunk of body) {
      tell(window.push(chunk))
      if (window.matched >= ENOUGH_LINES || window.exhausted) {
        return { ...opened, note: `followed until ${window.matched} lines had come` }
      }
    }
    tell(window.end())
    return { ...opened, note: 'the log has ended: the container is not running' }
  } catch (cause) {
    if (source.signal?.aborted) throw source.signal.reason
    if (!over.aborted) throw cause instanceof GatehouseError ? cause : broken(cause)
    tell(window.end())
    return { ...opened, note: `followed for ${seconds} s` }
  }
}

function broken(cause: unknown): GatehouseError {
  return new GatehouseError('CLUSTER_UNREACHABLE', 'The log stopped half-way', { cause })
}
