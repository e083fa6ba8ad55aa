import type { Call, Incoming, PipelineOptions, Step } from './call.ts'
import { answer } from './steps/answer.ts'
import { budget } from './steps/budget.ts'
import { classify } from './steps/classify.ts'
import { correlate } from './steps/correlate.ts'
import { deadline } from './steps/deadline.ts'
import { gate } from './steps/gate.ts'
import { limit } from './steps/limit.ts'
import { log } from './steps/log.ts'
import { sanitize } from './steps/sanitize.ts'
import { validate } from './steps/validate.ts'
import type { Reply } from './tool.ts'

export type Invoke = (incoming: Incoming) => Promise<Reply>

/** The one way from a door to a tool: the same steps in the same order for MCP and REST, none can be skipped. */
export function createPipeline(options: PipelineOptions): Invoke {
  const steps: Step[] = [
    correlate(),
    log(options),
    classify(options),
    answer(options),
    limit(options),
    validate(options),
    gate(options),
    deadline(),
    sanitize(options, budget(options)),
  ]
  return (incoming) => {
    const call: Call = {
      ...incoming,
      progress: (message, ...counts) => incoming.progress?.(options.sanitizer.text(message), ...counts),
      valid: {},
      maxTokens: 0,
      redactions: {},
      reached: false,
    }
    const run = (index: number): Promise<Reply> => {
      const step = steps[index]
      if (!step) throw new Error('the last step must not call next')
      return step(call, () => run(index + 1))
    }
    return run(0)
  }
}
