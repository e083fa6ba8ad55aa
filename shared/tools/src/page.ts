import { GatehouseError } from '@gatehouse/errors'

/**
 * Rows of a list that may not all fit the reply. A tool returns it instead of data; the budget step keeps as many
 * rows as fit and calls `build` with them, so that `shown` and `continue` are always true.
 */
export class Page<Output> {
  readonly items: readonly unknown[]
  readonly build: (items: readonly unknown[]) => Output

  constructor(items: readonly unknown[], build: (items: readonly unknown[]) => Output) {
    this.items = items
    this.build = build
  }
}

/** Where the next page of a list starts. */
export interface Position {
  offset: number
  /** Fingerprint of everything but the cursor, so that it cannot be used with another question. */
  question: string
}

export function encodeCursor(position: Position): string {
  return Buffer.from(`${position.offset}.${position.question}`).toString('base64url')
}

/** The offset a cursor stands for, 0 without one. Throws INVALID_INPUT for a cursor that is not ours or of another list. */
export function decodeCursor(cursor: string | undefined, question: string): number {
  if (!cursor) return 0
  const [offset, asked] = Buffer.from(cursor, 'base64url').toString().split('.')
  const number = Number(offset)
  if (asked === undefined || !Number.isInteger(number) || number < 0) {
    throw new GatehouseError('INVALID_INPUT', 'continue: this is not a cursor of a list', {
      hint: 'Pass the value of continue from the reply before, unchanged, or leave it out',
    })
  }
  if (asked !== question) {
    throw new GatehouseError('INVALID_INPUT', 'continue: this cursor belongs to another question', {
      hint: 'Repeat the same parameters with the cursor, or leave it out',
    })
  }
  return number
}
