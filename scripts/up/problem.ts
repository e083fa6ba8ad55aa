/** Something the person at the terminal has to mend. The message is all they see. */
export class Problem extends Error {
  override readonly name = 'Problem'
}
