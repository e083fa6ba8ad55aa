import { canonicalJson } from './canonical-json.ts'
import { idOf, type SigningKey, signed } from './signing-key.ts'

/** How long the chain was at some time, and the hash of its last row then. */
export interface Checkpoint {
  kind: 'checkpoint'
  chain: string
  head: string
  key: string
  size: number
  time: number
}

/** A key that signs from here on; endorsed by the one before it. */
interface KeyLine {
  kind: 'key'
  key: string
  previous: string | null
  publicKey: string
  time: number
}

/** A person has accepted that the rows after `found` were lost. */
interface RollbackLine {
  kind: 'rollback'
  by: string
  chain: string
  found: { size: number; head: string }
  key: string
  lost: { size: number; head: string }
  time: number
}

export type CheckpointLine = Checkpoint | KeyLine | RollbackLine

/** What a file of checkpoints says. `problems` make it unusable as evidence, `warnings` do not. */
export interface CheckpointEvidence {
  /** Those that still bind; what an acknowledged rollback has overtaken is left out. */
  checkpoints: Checkpoint[]
  rollbacks: RollbackLine[]
  keys: string[]
  problems: string[]
  warnings: string[]
}

/** The text of a line with its signature, and for a new key with the endorsement by the old one. */
export function signLine(line: CheckpointLine, key: SigningKey, endorsedBy?: SigningKey): string {
  const endorsement = endorsedBy?.sign(line)
  return canonicalJson({ ...line, signature: key.sign(line), ...(endorsement && { endorsement }) })
}

/**
 * Reads lines as they stand in the file or on stdout, and checks every signature. `trustedKey` is the id of the
 * first key; without it the first key in the file is believed.
 */
export function readCheckpoints(lines: Iterable<string>, trustedKey?: string): CheckpointEvidence {
  const evidence: CheckpointEvidence = {
    checkpoints: [],
    rollbacks: [],
    keys: [],
    problems: [],
    warnings: [],
  }
  const parsed = [...lines].map(parse)
  const keys = collectKeys(parsed, evidence, trustedKey)
  for (const [index, entry] of parsed.entries()) {
    if (!entry) evidence.problems.push(`line ${index + 1} is not a checkpoint`)
    else if (entry.line.kind !== 'key') admit(entry, index, keys, evidence)
  }
  return evidence
}

interface Parsed {
  line: CheckpointLine
  signature: unknown
  endorsement: unknown
}

interface KnownKey {
  publicKey: string
  retiredAt: number
}

function parse(text: string): Parsed | undefined {
  try {
    const { signature, endorsement, ...line } = JSON.parse(text)
    return ['checkpoint', 'key', 'rollback'].includes(line.kind)
      ? { line, signature, endorsement }
      : undefined
  } catch {
    return undefined
  }
}

// In a pass of its own: of two processes that start at once, one may sign before the other has written the key's line.
function collectKeys(
  parsed: (Parsed | undefined)[],
  evidence: CheckpointEvidence,
  trustedKey: string | undefined,
): Map<string, KnownKey> {
  const keys = new Map<string, KnownKey>()
  let current: KnownKey | undefined
  for (const [index, entry] of parsed.entries()) {
    if (entry?.line.kind !== 'key') continue
    const { line, signature, endorsement } = entry
    const endorsed = current
      ? signed(line, endorsement, current.publicKey)
      : line.key === (trustedKey ?? line.key)
    if (line.key !== idOf(line.publicKey) || !endorsed || !signed(line, signature, line.publicKey)) {
      evidence.problems.push(`line ${index + 1} brings a key that nothing trusted vouches for`)
      continue
    }
    if (current) current.retiredAt = index
    current = { publicKey: line.publicKey, retiredAt: Number.POSITIVE_INFINITY }
    keys.set(line.key, current)
    evidence.keys.push(line.key)
  }
  return keys
}

function admit(
  entry: Parsed,
  index: number,
  keys: Map<string, KnownKey>,
  evidence: CheckpointEvidence,
): void {
  const { line, signature } = entry
  const key = keys.get(line.key)
  if (!key || !signed(line, signature, key.publicKey))
    evidence.problems.push(`line ${index + 1} is not signed by a known key`)
  else if (index > key.retiredAt)
    evidence.warnings.push(`line ${index + 1} is signed by a retired key and counts for nothing`)
  else if (line.kind === 'checkpoint') evidence.checkpoints.push(line)
  else if (line.kind === 'rollback') {
    evidence.rollbacks.push(line)
    evidence.checkpoints = evidence.checkpoints.filter(({ size }) => size <= line.found.size)
  }
}
