const CONTROL = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * Text of others for a terminal: what would move the cursor, change colours or hide text is shown by its number, in the
 * way that JSON has for it.
 */
export function plain(text: string): string {
  return text.replace(CONTROL, (one) =>
    Array.from(
      { length: one.length },
      (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
