const SHOWN = 8

/** A text cut at its end, at every offset that leaves eight characters of a secret or more. */
export function cutAtEnd(text: string, secrets: readonly string[]): string[] {
  const from = Math.min(...secrets.map((secret) => placeOf(text, secret))) + SHOWN
  return Array.from({ length: Math.max(0, text.length - from) }, (_, i) => text.slice(0, from + i))
}

/** A text cut at its front, at every offset inside of its secrets that leaves eight characters of one. */
export function cutAtFront(text: string, secrets: readonly string[]): string[] {
  const first = Math.min(...secrets.map((secret) => placeOf(text, secret)))
  const last = Math.max(...secrets.map((secret) => placeOf(text, secret) + secret.length - SHOWN))
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => text.slice(first + 1 + i))
}

/** Carriers may escape a secret; its beginning is enough to find it by. */
function placeOf(text: string, secret: string): number {
  for (const beginning of [secret, JSON.stringify(secret).slice(1, -1), secret.slice(0, 3)]) {
    const at = text.indexOf(beginning)
    if (at !== -1) return at
  }
  return 0
}
