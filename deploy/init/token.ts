import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Owner {
  uid: number
  gid: number
}

/** Something a person has to put right; the message says what. */
export class Problem extends Error {}

const LEAST = 32

/** Makes a secret's file once, of mode 0600 and for its owner only. Throws a Problem for one that protects nothing. */
export function ensureToken(
  file: string,
  owner: Owner,
  make = () => randomBytes(32).toString('base64url'),
): 'made' | 'kept' {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const made = createOnce(file, make)
  const token = readFileSync(file, 'utf8').trim()
  if (token.length < LEAST || !/^[\x21-\x7e]+$/.test(token)) {
    const name = `${path.basename(path.dirname(file))}/${path.basename(file)}`
    throw new Problem(
      `${name}: a token has at least ${LEAST} printable characters. Delete the file and a new one is made.`,
    )
  }
  chmodSync(file, 0o600)
  give(file, owner)
  return made ? 'made' : 'kept'
}

/** Only root can and must: whoever else runs this owns what it makes. */
export function give(file: string, owner: Owner): void {
  const { uid, gid } = statSync(file)
  if (process.getuid?.() === 0 && (uid !== owner.uid || gid !== owner.gid))
    chownSync(file, owner.uid, owner.gid)
}

function createOnce(file: string, make: () => string): boolean {
  try {
    writeFileSync(file, `${make()}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
