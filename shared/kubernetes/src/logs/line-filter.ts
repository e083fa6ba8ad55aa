import { GatehouseError } from '@gatehouse/errors'

export type LineFilter = (line: string) => boolean

// RE2 has no exponential patterns, but its time is line length × pattern size: both are bounded.
const MOST_INSTRUCTIONS = 150
// As much as is shown of a line.
const SEARCHED_CHARS = 2_048

/**
 * `grep` as a test of one line: plain text in any case, or RE2 between slashes (`/time.?out|refused/i`).
 * Throws INVALID_INPUT for a pattern RE2 refuses or that is too large to be quick.
 */
export async function lineFilter(grep: string): Promise<LineFilter> {
  const pattern = /^\/(.+)\/(i?)$/s.exec(grep)
  if (!pattern?.[1]) {
    const wanted = grep.toLowerCase()
    return (line) => line.toLowerCase().includes(wanted)
  }
  // 60 kB of Unicode tables that few calls need.
  const { RE2JS } = await import('@bufbuild/re2')
  const source = pattern[1]
  const expression = refusing(() => new RE2JS(source, pattern[2] ? RE2JS.CASE_INSENSITIVE : 0))
  if (expression.re2().prog.inst.length > MOST_INSTRUCTIONS) {
    throw new GatehouseError('INVALID_INPUT', 'grep: this pattern is too large', {
      hint: 'Use fewer or smaller repetitions such as {1,100}, or plain text without slashes',
    })
  }
  return (line) => expression.test(line.slice(0, SEARCHED_CHARS))
}

function refusing<T>(compile: () => T): T {
  try {
    return compile()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : 'not valid'
    throw new GatehouseError('INVALID_INPUT', `grep: RE2 refuses this pattern: ${reason.slice(0, 120)}`, {
      cause,
      hint: 'RE2 has no look-around and no back-references; plain text without slashes is always accepted',
    })
  }
}
