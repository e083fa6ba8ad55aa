/**
 * About how many tokens data takes as JSON or YAML, rather too many than too few. A sum over its parts, so that
 * a whole weighs what its fields weigh together.
 */
export function weigh(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'string') return 1.5 + weighText(value)
  if (value === null || typeof value !== 'object') return 1 + weighText(String(value))
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weigh(item) + 1.5, 2)
  return Object.entries(value).reduce((sum, [key, child]) => sum + weigh(key) + weigh(child), 2)
}

const PARTS = /[A-Za-z0-9+=]{24,}|[A-Za-z]+|\d+|[^\sA-Za-z\d]/g
const SAMPLE = 8_000

// Words cost one token per six letters, numbers one per three digits, other signs about one each; long runs of
// both are base64 or digests, where nearly every character may be a token. Long texts are judged by their beginning.
function weighText(text: string): number {
  if (text.length > SAMPLE) return (weighText(text.slice(0, SAMPLE)) * text.length) / SAMPLE
  let tokens = 0
  for (const [part] of text.matchAll(PARTS)) {
    const code = part.charCodeAt(0)
    if (part.length >= 24) tokens += part.length
    else if (code >= 48 && code <= 57) tokens += Math.ceil(part.length / 3)
    else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) tokens += Math.ceil(part.length / 6)
    else tokens += code > 127 ? 1 : 0.8
  }
  return tokens
}
