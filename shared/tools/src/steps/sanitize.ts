import { turn } from '@gatehouse/sanitizer'
import type { Call, PipelineOptions, Step } from '../call.ts'
import { looksLikeInstructions, NOTICE } from '../instructions.ts'
import { renderText } from '../render.ts'

const LARGE_TOKENS = 4_000

/** The only maker of a successful reply: data and text leave sanitised, text from inside the cluster leaves fenced. */
export function sanitize(
  { sanitizer }: PipelineOptions,
  produce: (call: Call) => Promise<Record<string, unknown>>,
): Step {
  return async (call) => {
    const { tool } = call
    call.reached = true
    const data = await produce(call)
    // Large replies that are ready at once must not keep everybody else waiting.
    const yielding = call.maxTokens > LARGE_TOKENS ? turn : () => undefined
    await yielding()
    const structured = sanitizer.value(
      tool?.untrusted && looksLikeInstructions(data) ? { notice: NOTICE, ...data } : data,
    )
    await yielding()
    const text = renderText(tool, structured)
    const safe = tool?.untrusted ? sanitizer.fence(text, tool.name) : sanitizer.text(text)
    const notice = 'notice' in structured ? `${String(structured.notice)}\n` : ''
    return {
      structured,
      text: notice ? sanitizer.text(notice + safe) : safe,
      isError: false,
      http: tool?.proposes && 'state' in structured && structured.state === 'pending' ? 202 : 200,
    }
  }
}
