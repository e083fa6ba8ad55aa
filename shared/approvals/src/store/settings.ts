export interface StoreSettings {
  /** Where the SQLite file and the checkpoints are. */
  stateDir: string
  /** `postgres://…`; without it SQLite. */
  databaseUrl?: string | undefined
  /** The sanitizer's `value`: everything that goes into the audit chain passes through it. */
  sanitise: <T>(value: T) => T
  /** One person may decide what the same person asked for. Stamped on every audit row. */
  singleUser: boolean
  /** From approval to claim. */
  claimTtlMs: number
  /** The longest time a plan may ask for until it must be decided. */
  longestWaitMs: number
  /** How long an executor that says nothing keeps its claim. */
  leaseMs: number
  pendingPerRequester: number
  /** Of plans that wait, as stored; one plan alone may be larger. */
  pendingBytesPerRequester: number
  pendingInAll: number
  /** For commands beside a running server: where SQLite has an owner, use it all the same and leave its schema alone. */
  guest: boolean
  /** For tests. Without it PostgreSQL's clock decides there, and the process's with SQLite. */
  clock?: (() => number) | undefined
}

export type StoreOptions = Pick<StoreSettings, 'stateDir' | 'sanitise'> & Partial<StoreSettings>

export const defaults = {
  singleUser: false,
  guest: false,
  claimTtlMs: 10 * 60_000,
  longestWaitMs: 24 * 60 * 60_000,
  leaseMs: 15_000,
  pendingPerRequester: 200,
  pendingBytesPerRequester: 8 * 1024 * 1024,
  pendingInAll: 10_000,
}
