/** One try to execute one operation. Written before anything is sent; carries the one resourceVersion it may ever use. */
export interface Attempt {
  /** Index of the operation in its plan. */
  index: number
  /** From 1. A second one exists only where the first is proved never to have taken effect and never able to. */
  number: number
  uid: string | null
  resourceVersion: string | null
  bodyDigest: string
  /** The Audit-ID the request carries. */
  auditId: string
  startedAt: number
}

/** Where attempts are kept. Implemented by the store; every write is fenced. */
export interface AttemptStore {
  /** The newest attempt of an operation that was persisted, if any. */
  load(index: number): Promise<Attempt | undefined>
  /** Replaces an attempt with a lower number. False when somebody else has taken over meanwhile: then nothing may be sent. */
  persist(attempt: Attempt): Promise<boolean>
}

/** How one operation ended. */
export interface OperationOutcome {
  state: 'succeeded' | 'failed' | 'stale' | 'indeterminate' | 'blocked' | 'skipped'
  /** What a person reads; sanitised. */
  reason?: string
  result?: Record<string, unknown>
  /** Seen after the settling time; absent where the write did not succeed. */
  verification?: { ok: boolean; text: string }
}
