import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import type { PipelineOptions, Step } from '../call.ts'
import { type Classification, classOf } from '../classification.ts'
import type { Reply } from '../tool.ts'

const LINE: Record<Classification, Sanitised<string>> = {
  public: ownWords`classification: public\n`,
  internal: ownWords`classification: internal\n`,
  'sensitive-redacted': ownWords`classification: sensitive-redacted\n`,
}
const MARK = /\[(redacted|withheld):/

/**
 * Says of every reply how sensitive it is, where that is asked for: first member of the data, first line of the text.
 * The line stands before the fence, whose boundary nothing inside can know, so a workload cannot write one.
 */
export function classify({ classify: wanted = false }: PipelineOptions): Step {
  return async (call, next) => {
    const reply = await next()
    if (!wanted) return reply
    const classification = classOf({
      // What the reply shows counts too: one mark that went uncounted must not make it less than it is.
      redacted: Object.keys(call.redactions).length > 0 || showsMark(reply),
      reached: call.reached,
      error: call.failure,
    })
    const structured = { classification, ...reply.structured }
    // A tool may have a field of this name; it does not decide.
    structured.classification = classification
    return { ...reply, structured, text: ownWords`${LINE[classification]}${reply.text}` }
  }
}

function showsMark({ structured, text }: Reply): boolean {
  return MARK.test(text) || MARK.test(JSON.stringify(structured))
}
