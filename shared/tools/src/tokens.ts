/**
 * About how many o200k tokens a text is, never far below: words cost one per six letters, digits one per three,
 * each other sign one, runs of spaces nothing. Counting exactly would load a 2 MB vocabulary. The
 * test compares it with the real encoder.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  let letters = 0
  let digits = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
    const digit = code >= 48 && code <= 57
    if (!letter && letters > 0) {
      tokens += Math.ceil(letters / 5.5)
      letters = 0
    }
    if (!digit && digits > 0) {
      tokens += Math.ceil(digits / 3)
      digits = 0
    }
    if (letter) letters++
    else if (digit) digits++
    else if (code > 127) tokens += 1
    else if (code !== 32) tokens += 0.75
  }
  return Math.ceil(tokens + Math.ceil(letters / 5.5) + Math.ceil(digits / 3))
}
