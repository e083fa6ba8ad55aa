/** What one look at the cluster says about an expectation. */
export interface Seen {
  met: boolean
  /** It never will be; no reason to wait. */
  hopeless?: boolean
  text: string
}
