import type { Operation } from '../operation.ts'
import type { Check } from './checks.ts'
import type { Parsed } from './flags.ts'
import type { Place } from './names.ts'
import type { KubectlRead } from './read.ts'

/** What a command comes to. `checks` need the cluster and are made by prepareWrites. */
export type Meaning = { read: KubectlRead } | { write: Operation[]; checks: Check[] }

/** What a verb gets to work on. */
export interface Command {
  parsed: Parsed
  place: Place
  stdin: string | undefined
  /** Whose default context `config use-context` switches. */
  server: string | undefined
}

export function write(operations: Operation[], checks: Check[] = []): Meaning {
  return { write: operations, checks }
}
