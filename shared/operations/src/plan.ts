import type { PlannedFacts } from './facts.ts'
import type { Operation, OperationType } from './operation.ts'

/** A target as live discovery resolved it. */
export interface ResolvedTarget {
  context: string
  /** Which cluster this really is: uid of kube-system and fingerprint of the API server's CA. */
  clusterId: string
  group: string
  version: string
  kind: string
  /** Plural. */
  resource: string
  /** Empty for kinds without. */
  namespace: string
  name: string
}

/** The request that will be sent, every non-deterministic value fixed; uid and resourceVersion are put in when it is. */
export interface FrozenRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query: Record<string, string>
  contentType: string
  /** Unredacted; never shown. */
  body: unknown
}

/** One changed field, redacted for reading. */
export interface PlannedChange {
  path: string
  before?: string
  after?: string
  /** The values differ and may not be shown. */
  hidden?: boolean
}

/** What must be true afterwards for the change to have worked, and how long it may take. */
export interface Expectation {
  check: 'rollout' | 'replicas' | 'gone' | 'replaced' | 'exists' | 'applied' | 'none'
  /** In words, for the page. */
  text: string
  timeoutSeconds: number
}

export interface PlannedOperation {
  type: OperationType
  target: ResolvedTarget
  /** Digest of what was asked for and where; the same each time, so that a repeated call is recognised by it. */
  intent: string
  /** Random. The request puts it into the annotation `gatehouse.dev/operation`: who finds it there knows what wrote. */
  marker: string
  /** Random, mixed into the digests below: nobody who knows the plan's digest can try out values. Never shown. */
  salt: string
  /** Absent where the object does not exist yet. */
  uid?: string
  /** Of the meaningful part of the object, before. */
  baseDigest?: string
  /** Information only, except where `binding` is strict. */
  resourceVersion?: string
  /** strict: the resourceVersion must not move; semantic: uid, base digest and post-image digest must be equal. */
  binding: 'strict' | 'semantic'
  /** Of what the server's dry run says the object becomes. */
  postImageDigest?: string
  request: FrozenRequest
  /** For exec: the container that was there, its id and the argument vector. */
  exec?: { container: string; containerId: string; command: readonly string[]; timeoutSeconds: number }
  /** For switchContext. */
  switch?: { server: string; from: string; to: string }
  changes: PlannedChange[]
  warnings: string[]
  /** Sentences a person reads: pods affected, owners, budgets, autoscalers, managers. */
  impact: string[]
  /** The same change as a kubectl command, for reading. */
  command: string
  /** In plain words: "Scale deployment web from 3 to 5 replicas". */
  title: string
  expectation: Expectation
  /** The typed name must be repeated by the approver. */
  typedName: boolean
  /** Object before, masked. Values of secrets only by reference. */
  before?: Record<string, unknown>
  /** What takes the change back, or why nothing does. Holds no secret: what would need one is refused. */
  undo: { operations: Operation[] } | { refused: string }
  /** What the gate judges it by; see factsOf. Never shown. */
  facts: PlannedFacts
}

export interface Requester {
  subject: string
  /** `service` is another server of the suite acting for somebody. */
  kind: 'human' | 'agent' | 'service'
  /** The token or session it came with; never the secret itself. */
  credential: string
  /** The person an agent or a service acts for, who may not approve what it asks either. */
  behind?: string
}

/** Operations frozen together, in order, with all that a person decides by and the executor checks. Immutable. */
export interface Plan {
  schema: 1
  operations: PlannedOperation[]
  /** Identity that will send the requests. */
  identity: string
  requester: Requester
  /** The agent's words: a claim, shown apart, never used to decide. */
  claim?: { reason?: string; severity?: string; service?: string; explanations?: string[] }
  tool: string
  policy: { level: number; approvers: number; rules: string[]; digest: string }
  /** Milliseconds since 1970. */
  createdAt: number
  expiresAt: number
}
