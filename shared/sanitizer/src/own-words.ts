import { brand, type Sanitised } from './sanitised.ts'

/**
 * Words of the program, with sanitised text in between, as sanitised text. To be used as a tag: the literal parts
 * stand in the source, so nothing of a caller or a cluster gets past the sanitizer here.
 */
export function ownWords(
  words: TemplateStringsArray,
  ...between: (Sanitised<string> | number)[]
): Sanitised<string> {
  return brand(words.reduce((text, word, index) => `${text}${between[index - 1]}${word}`))
}
