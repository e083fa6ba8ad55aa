const DEFAULT_TOKENS = 4_000
const CHARACTERS_PER_TOKEN = 3.5
// The rest is for what a reply says about itself.
const SHARE = 0.9

/** About how many characters a reply may have. */
export function charactersFor(maxTokens: number | undefined): number {
  return Math.floor((maxTokens ?? DEFAULT_TOKENS) * CHARACTERS_PER_TOKEN * SHARE)
}

/** The lines that fit, from the beginning or the end, and how many do not. */
export function boundedText(text: string, most: number, keep: 'first' | 'last' = 'first'): string {
  if (text.length <= most) return text
  const lines = text.split('\n')
  const wanted = keep === 'first' ? lines : lines.toReversed()
  const kept: string[] = []
  let size = 0
  for (const line of wanted) {
    size += line.length + 1
    if (size > most) break
    kept.push(line)
  }
  const left = lines.length - kept.length
  const note = `… ${left} more lines; narrow it with a name, -l, -n or --tail, or raise maxTokens`
  return keep === 'first' ? [...kept, note].join('\n') : [note, ...kept.toReversed()].join('\n')
}
