import { type Checkpoint, readCheckpoints } from './checkpoint-line.ts'
import {
  type AuditHead,
  type AuditRecord,
  type AuditRow,
  digestOfPayload,
  ERASURE,
  GENESIS,
  hashOfRow,
  lineOf,
  textOfPayload,
} from './row.ts'

/** The first row that is wrong: its number in the chain, its line in the export, and what is wrong. */
export interface BadRow {
  row: number
  line: number
  reason: string
}

export interface VerifyReport {
  ok: boolean
  rows: number
  head: AuditHead | null
  bad: BadRow | null
  /** How many checkpoints agreed. */
  checkpoints: number
  erased: number
  /** Rollbacks that a person has acknowledged, and lines that count for nothing. */
  notes: string[]
  /** Why the checkpoints themselves cannot be believed. */
  problems: string[]
}

interface Progress {
  rows: number
  prev: string
  chain: string
  agreed: number
  lastAgreed: number
  erased: number
  /** Open requests that somebody approved, and whether they were claimed after that. */
  approved: Map<string, boolean>
  /** Erased, and no row says so yet. */
  unexplained: Set<number>
}

/**
 * Checks an export from its first row on, offline: every hash, every payload, the order, that erased payloads were
 * erased on the record, that nothing was sent without a decision and a claim, and that the chain passes through every
 * checkpoint. Stops at the first bad row. An export without checkpoints proves order and content, not that its end is
 * still there.
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  checkpointLines: Iterable<string> = [],
  trustedKey?: string,
): Promise<VerifyReport> {
  const evidence = readCheckpoints(checkpointLines, trustedKey)
  const bySize = Map.groupBy(evidence.checkpoints, ({ size }) => size)
  const at: Progress = {
    rows: 0,
    prev: GENESIS,
    chain: '',
    agreed: 0,
    lastAgreed: 0,
    erased: 0,
    approved: new Map(),
    unexplained: new Set(),
  }
  let reason: string | undefined
  for await (const line of lines) {
    if (line === '') continue
    reason = checkLine(line, at) ?? checkCheckpoints(at, bySize)
    if (reason !== undefined) break
  }
  let bad: BadRow | null = null
  if (reason === undefined) bad = checkEnd(at, evidence.checkpoints)
  else {
    const row = reason.startsWith('checkpoint') ? at.rows : at.rows + 1
    bad = { row, line: row, reason }
  }
  return {
    ok: bad === null && evidence.problems.length === 0,
    rows: at.rows,
    head: at.rows > 0 ? { chain: at.chain, size: at.rows, hash: at.prev } : null,
    bad,
    checkpoints: at.agreed,
    erased: at.erased,
    notes: [...evidence.rollbacks.map(noteOf), ...evidence.warnings],
    problems: evidence.problems,
  }
}

/** What is wrong with the next line; otherwise it is taken into account. */
function checkLine(line: string, at: Progress): string | undefined {
  let record: AuditRecord
  try {
    record = JSON.parse(line)
  } catch {
    return 'not JSON'
  }
  const { row, hash, payload } = record
  if (typeof row !== 'object' || row === null || typeof row.actor !== 'object' || row.actor === null)
    return 'not an audit row'
  if (row.seq !== at.rows + 1) return orderOf(row.seq, at.rows)
  let text: string | null
  try {
    text = payload === null || payload === undefined ? null : textOfPayload(payload)
    if (lineOf(record, text) !== line) return 'changed: not in the form in which it was written'
  } catch {
    return 'changed: holds what no row can hold'
  }
  if (hashOfRow(row) !== hash) return 'changed: the hash does not belong to the row'
  if (row.prev !== at.prev) return 'the chain breaks here: a row before it was replaced, cut out or put in'
  if (at.rows > 0 && row.chain !== at.chain) return 'belongs to another chain'
  return checkPayload(record, text, at) ?? checkDecided(row, at) ?? advance(record, at)
}

function orderOf(seq: unknown, rows: number): string {
  if (typeof seq === 'number' && seq > rows + 1) return `missing: row ${seq} stands here`
  return `row ${String(seq)} stands here: repeated, put in or out of order`
}

function checkPayload({ row, erased, salt }: AuditRecord, text: string | null, at: Progress) {
  if (row.payloadDigest === null) return text === null ? undefined : 'has a payload that was never recorded'
  if (erased && text === null) {
    at.erased++
    at.unexplained.add(row.seq)
    return undefined
  }
  if (text === null || salt === null) return 'its payload is gone and was not erased'
  return digestOfPayload(salt, text) === row.payloadDigest ? undefined : 'its payload was changed'
}

function checkDecided({ type, request }: AuditRow, { approved }: Progress): string | undefined {
  if (request === null) return undefined
  if (type === 'operation.attempt' && !approved.get(request))
    return 'something was sent that nobody had approved, or that was not claimed'
  if (type === 'decision.approve') approved.set(request, approved.get(request) ?? false)
  if (type === 'request.claimed' && approved.has(request)) approved.set(request, true)
  if (type === 'request.finished') approved.delete(request)
  return undefined
}

function advance({ row, hash }: AuditRecord, at: Progress): undefined {
  at.rows = row.seq
  at.prev = hash
  at.chain = row.chain
  if (row.type === ERASURE) at.unexplained.delete(Number(row.outcome))
}

function checkCheckpoints(at: Progress, bySize: Map<number, Checkpoint[]>): string | undefined {
  for (const { head, chain } of bySize.get(at.rows) ?? []) {
    if (head !== at.prev || chain !== at.chain)
      return `checkpoint ${at.rows} was signed over another row: rows ${at.lastAgreed + 1} to ${at.rows} were replaced`
    at.agreed++
    at.lastAgreed = at.rows
  }
  return undefined
}

function checkEnd(at: Progress, checkpoints: Checkpoint[]): BadRow | null {
  const longest = Math.max(0, ...checkpoints.map(({ size }) => size))
  if (longest > at.rows) {
    const reason = `the end is cut off or rolled back: a checkpoint was signed over ${longest} rows`
    return { row: at.rows + 1, line: at.rows + 1, reason }
  }
  const [first] = at.unexplained
  if (first === undefined) return null
  return { row: first, line: first, reason: 'its payload was erased without a record of it' }
}

function noteOf({ by, found, lost }: { by: string; found: { size: number }; lost: { size: number } }) {
  return `rows ${found.size + 1} to ${lost.size} were lost to a rollback, acknowledged by ${by}`
}
