const BLANKS = /\s{0,16}$/y

/** Whether a text ends here, but for a few blanks. What stands at the end of a bounded page may be cut anywhere. */
export function isTextEnd(text: string, index: number): boolean {
  BLANKS.lastIndex = index
  return BLANKS.test(text)
}
