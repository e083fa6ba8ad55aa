import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { GatehouseError } from '@gatehouse/errors'
import { type Checkpoint, type CheckpointLine, readCheckpoints, signLine } from './checkpoint-line.ts'
import type { AuditHead } from './row.ts'
import {
  adoptKey,
  makeKey,
  readKey,
  type SigningKey,
  stagedKey,
  stageKey,
  writeFirstKey,
} from './signing-key.ts'

export interface CheckpointOptions {
  /** A folder outside the database; holds `checkpoints.jsonl` and the key, `audit-key.pem`. */
  dir: string
  /** Gets every line that is written; programs send it to stdout, out of reach of whoever owns the folder. */
  emit?: (line: string) => void
  clock?: () => number
}

export interface Checkpoints {
  /** Signs where the chain stands; returns when the line is on disk. */
  write(head: AuditHead): void
  /** All that bind. @throws GatehouseError CHECKPOINT_INVALID where the file cannot be believed */
  binding(): Checkpoint[]
  /** The one of them over the longest chain. @throws GatehouseError CHECKPOINT_INVALID where the file cannot be believed */
  newest(): Checkpoint | undefined
  /** The last one this process wrote, else the newest there was. */
  last(): { size: number; head: string } | undefined
  /** Replaces the key; the old one vouches for the new. Returns the new key's id. */
  rotate(): string
  /** Records that a person accepts the loss of the rows after `found`. */
  acceptLoss(lost: Checkpoint, found: { size: number; head: string }, by: string): void
  lines(): string[]
}

/** Opens the checkpoints of a state folder, making the folder and the first key where they are missing. */
export function openCheckpoints({ dir, emit, clock = Date.now }: CheckpointOptions): Checkpoints {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, 'checkpoints.jsonl')
  const keyFile = join(dir, 'audit-key.pem')
  const append = (line: CheckpointLine, key: SigningKey, endorsedBy?: SigningKey) => {
    const text = signLine(line, key, endorsedBy)
    appendLine(file, text)
    emit?.(text)
  }
  const announce = (key: SigningKey, old?: SigningKey) => {
    const { id, publicKey } = key
    append({ kind: 'key', key: id, previous: old?.id ?? null, publicKey, time: clock() }, key, old)
  }
  finishRotation(keyFile, linesOf(file))
  if (!existsSync(keyFile)) {
    if (linesOf(file).length > 0) throw keyLost(dir)
    const { key, pem } = makeKey()
    if (writeFirstKey(keyFile, pem)) announce(key)
  }
  // Read each time: another process may have replaced it.
  const current = () => {
    const key = readKey(keyFile)
    if (!key) throw keyLost(dir)
    return key
  }
  let last: { size: number; head: string } | undefined
  return {
    last() {
      last ??= longest(bindingIn(file))
      return last
    },
    write({ chain, size, hash }) {
      const key = current()
      last = { size, head: hash }
      append({ kind: 'checkpoint', chain, head: hash, key: key.id, size, time: clock() }, key)
    },
    binding: () => bindingIn(file),
    newest: () => longest(bindingIn(file)),
    rotate() {
      const old = current()
      const { key, pem } = makeKey()
      stageKey(keyFile, pem)
      announce(key, old)
      adoptKey(keyFile)
      return key.id
    },
    acceptLoss({ chain, size, head }, found, by) {
      const key = current()
      last = found
      append({ kind: 'rollback', by, chain, found, key: key.id, lost: { size, head }, time: clock() }, key)
    },
    lines: () => linesOf(file),
  }
}

function bindingIn(file: string): Checkpoint[] {
  const { checkpoints, problems } = readCheckpoints(linesOf(file))
  if (problems.length > 0) throw new GatehouseError('CHECKPOINT_INVALID', `${file}: ${problems[0]}`)
  return checkpoints
}

/** The checkpoint over the longest chain; of equal ones the last. */
export function longest(checkpoints: Checkpoint[]): Checkpoint | undefined {
  return checkpoints.reduce<Checkpoint | undefined>(
    (best, next) => (!best || next.size >= best.size ? next : best),
    undefined,
  )
}

// A process that was killed while it wrote leaves a part of a line: the next line must not be glued to it.
function appendLine(file: string, text: string): void {
  const handle = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(handle)
    const last = Buffer.from('\n')
    if (size > 0) readSync(handle, last, 0, 1, size - 1)
    writeSync(handle, `${last.toString() === '\n' ? '' : '\n'}${text}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function linesOf(file: string): string[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !isTorn(line))
}

// Killed in the middle of a rotation: it counts once the new key's line stands.
function finishRotation(keyFile: string, lines: string[]): void {
  const staged = stagedKey(keyFile)
  if (staged && readCheckpoints(lines).keys.includes(staged.id)) adoptKey(keyFile)
}

function isTorn(line: string): boolean {
  return line.startsWith('{') && !line.endsWith('}')
}

function keyLost(dir: string): GatehouseError {
  return new GatehouseError('CHECKPOINT_INVALID', `${dir} has checkpoints but no audit-key.pem`, {
    hint: 'Put the key back; if it is lost, keep checkpoints.jsonl elsewhere as evidence and start without it',
  })
}
