/**
 * At most `most` characters of a text, ending between two words. A word cut in two may lose what marks it as a secret
 * (the `@` behind a password in an address), and what is left would pass the sanitizer.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.slice(0, most + 1).search(/\s\S*$/)
  return `${text.slice(0, Math.max(0, end)).trimEnd()}…`
}
