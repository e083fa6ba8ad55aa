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
