/** How long the executor waits; all in milliseconds. */
export interface Timing {
  /** For the answer to a change. */
  send: number
  /** After a lost answer, before an unchanged object counts as not reached. */
  lost: number
  /** Between two looks. */
  poll: number
  /** How long what was seen must stay so. */
  settle: number
}

export const usualTiming: Timing = { send: 30_000, lost: 2_000, poll: 250, settle: 2_000 }
