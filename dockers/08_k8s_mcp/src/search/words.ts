// Letters and digits of any script; what stands between them parts words.
const WORD = /[\p{L}\p{M}\p{N}]+/gu

/** The words of a text: as they stand and, where they are written together, their parts (`maxSurge`: max, surge). */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].flatMap(([word]) => {
    const parts = partsOf(word)
    return parts.length > 1 ? [word, ...parts] : [word]
  })
}

/** The parts of a word that is written together; one part for any other. */
export function partsOf(word: string): string[] {
  return word.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
}

// What questions are made of, and says nothing about what is searched. "no" is a short name of nodes, "all" and "not" are
// words of NetworkPolicies and RBAC.
const EMPTY = new Set(
  'a an and are as at be by can did do does for from get how i if in into is it its make me my of on or our should so that the their them then there this to use was we what when where which who why will with would you your'.split(
    ' ',
  ),
)

/** The words of a question without those that every text has; all of them where it has no others. */
export function askedWords(query: string): string[] {
  const words = wordsOf(query)
  const telling = words.filter((word) => !EMPTY.has(word.toLowerCase()))
  return telling.length > 0 ? telling : words
}
