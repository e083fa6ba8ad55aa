import { cutText } from '@gatehouse/kubernetes/single'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Logger } from '@gatehouse/telemetry'
import type { Invoke, Reply } from '@gatehouse/tools'
import type { SummaryPort } from './summary.ts'

const PATIENCE_MS = 15_000
// Shorter ones are their own summary.
const WORTH_IT_CHARS = 600
const LONGEST = 2_000
const MARK = /\[(redacted|withheld):/
const CLASS_LINE = /^classification: [a-z-]+\n/
const SENSITIVE_LINE = 'classification: sensitive-redacted\n'

/**
 * The last step, after everything else: adds a model's summary to longer replies. What the model sees has left the
 * sanitizer already, what it says passes it again and stands fenced behind the reply, which itself is unchanged.
 */
export function withSummary(invoke: Invoke, port: SummaryPort, sanitizer: Sanitizer, log: Logger): Invoke {
  return async (incoming) => {
    const reply = await invoke(incoming)
    if (reply.isError || reply.text.length < WORTH_IT_CHARS) return reply
    const signal = AbortSignal.any([incoming.signal, AbortSignal.timeout(PATIENCE_MS)])
    try {
      const said = await port.summarize(reply.text, signal)
      return extended(reply, said.trim(), port.model, sanitizer)
    } catch (error) {
      log.warn('no summary', { err: error instanceof Error ? error.message : 'failed' })
      return reply
    }
  }
}

// The class of the reply may only rise: what the model says may hold a mark the reply has not.
function extended(reply: Reply, said: string, model: string, sanitizer: Sanitizer): Reply {
  if (said === '') return reply
  const clean = cutText(sanitizer.text(said), LONGEST)
  const fenced = sanitizer.fence(clean, `summary by ${model}, not checked`)
  const marked = MARK.test(fenced)
  const text = marked ? reply.text.replace(CLASS_LINE, SENSITIVE_LINE) : reply.text
  return {
    ...reply,
    structured: sanitizer.value({
      ...reply.structured,
      ...(marked && { classification: 'sensitive-redacted' }),
      summary: { model, text: clean, checked: false },
    }),
    text: sanitizer.text(`${text}\n${fenced}`),
  }
}
