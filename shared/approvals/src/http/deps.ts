import type { Checkpoints } from '@gatehouse/audit'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { Logger } from '@gatehouse/telemetry'
import type { EventFeed } from '../events.ts'
import type { Principal } from '../principal.ts'
import type { StoredRequest } from '../request.ts'
import type { Store } from '../store/store.ts'

/** What somebody asks for, in the words of the way it came by; whoever plans it checks the body. */
export interface Asked {
  /**
   * `remediation`: `{ action, commands, metadata? }`. `operations`: `{ operations, claim?, tool?, caller? }`.
   * `command`: `{ command, stdin?, reason? }`, one kubectl command that a person wrote on a page.
   */
  kind: 'remediation' | 'operations' | 'command'
  body: Record<string, unknown>
}

export interface SubmitContext {
  correlationId: string
  signal: AbortSignal
}

export interface ApprovalDeps {
  store: Store
  feed: EventFeed
  sanitizer: Sanitizer
  log: Logger
  /** Prometheus text. */
  metrics: () => Promise<string>
  /** APPROVAL_PUBLIC_URL: what links shown to people begin with, without a slash at the end. */
  publicUrl: string
  /** Where the documentation of the suite is; pages lead there. */
  documentation?: URL | undefined
  /** The address listened on. */
  host: string
  /** Further names under which other servers call, such as that of a container. */
  hosts?: readonly string[]
  /** APPROVE_REQUIRES_DIGEST; true unless told. */
  requireDigest?: boolean
  /** Plans and stores what is asked for. @throws GatehouseError for what cannot be planned or is denied */
  submit(principal: Principal, asked: Asked, context: SubmitContext): Promise<StoredRequest>
  /** Asks for what takes a succeeded request back: a new request. @throws GatehouseError CANNOT_PLAN, CONFLICT */
  undo(principal: Principal, requestId: string, context: SubmitContext): Promise<StoredRequest>
  /**
   * Whether the objects are still as they were when it was planned: undefined, or what differs in a few words,
   * such as "replicas are now 4". @throws where that cannot be looked at
   */
  isStale(request: StoredRequest, signal: AbortSignal): Promise<string | undefined>
  checkpoints?: Checkpoints
  health: () => Promise<{ state: 'healthy' | 'degraded' | 'unhealthy' }>
  /** Milliseconds between two signs of life on an event stream, and between two looks at an object shown. */
  heartbeatMs?: number
  staleEveryMs?: number
}
