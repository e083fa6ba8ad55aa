import type { Clusters } from '@gatehouse/kubernetes'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { MetricsSnapshot } from '@gatehouse/telemetry'
import type { AnyTool } from '@gatehouse/tools'
import type { ConnectionState } from '../connection-state.ts'
import type { References } from '../reference/references.ts'
import type { Search } from '../search/search.ts'
import type { Frame } from './frame.ts'

/** What all pages of this server share. */
export interface SiteDeps {
  version: string
  /** Milliseconds since 1970. */
  startedAt: number
  tools: readonly AnyTool[]
  sanitizer: Sanitizer
  references: References
  search: Search
  clusters: Clusters
  /** Of a context, or of the default one. */
  connection(context?: string): Promise<ConnectionState>
  metrics(): Promise<MetricsSnapshot>
  /** Where people decide. */
  approvals: URL
  frame: Frame
}
