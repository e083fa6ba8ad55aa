import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { z } from 'zod'
import type { PipelineOptions, Step } from '../call.ts'

const MOST_TOKENS = 20_000
const DEFAULT_TOKENS = 4_000

/** The one place where input is checked, for both doors. Unknown tools and unknown parameters end here. */
export function validate({ tools }: PipelineOptions): Step {
  // Made once: zod compiles a schema at its first use, which costs more than the rest of a small call.
  const strict = new Map(tools.map((tool) => [tool, tool.input.strict()]))
  return (call, next) => {
    const { tool } = call
    if (!tool)
      throw unknownTool(
        call.name,
        tools.map((one) => one.name),
      )
    const parsed = (strict.get(tool) ?? tool.input.strict()).safeParse(call.input ?? {})
    if (!parsed.success) throw invalid(parsed.error, Object.keys(tool.input.shape))
    call.valid = parsed.data
    const asked = parsed.data.maxTokens
    call.maxTokens = Math.min(
      typeof asked === 'number' ? asked : (tool.budget ?? DEFAULT_TOKENS),
      MOST_TOKENS,
    )
    return next()
  }
}

function unknownTool(name: string, known: string[]): GatehouseError {
  const near = nearest(name.replaceAll('_', '.'), known)
  return new GatehouseError('UNKNOWN_TOOL', `There is no tool "${name.slice(0, 80)}"${didYouMean(near)}`, {
    data: { nearest: near },
  })
}

// Says where and why, never the value: a caller may have put a secret in the wrong field.
function invalid(error: z.ZodError, known: string[]): GatehouseError {
  const reasons = error.issues.slice(0, 5).map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const [key = ''] = issue.keys
      return `${shownKey(key)}: no such parameter${didYouMean(nearest(key, known))}`
    }
    return `${issue.path.join('.') || 'input'}: ${issue.message}`
  })
  return new GatehouseError('INVALID_INPUT', reasons.join('; '), {
    hint: `Parameters: ${known.join(', ')}`,
    data: {
      fields: error.issues
        .slice(0, 5)
        .map((issue) =>
          issue.code === 'unrecognized_keys'
            ? issue.keys.slice(0, 5).map(shownKey).join(',')
            : issue.path.join('.'),
        ),
    },
  })
}

// Whole or not at all: half a secret no longer looks like one.
function shownKey(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_.-]{0,59}$/.test(key) ? key : '(no name)'
}
