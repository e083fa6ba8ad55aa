import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ContainerUser } from './container-user.ts'
import { Problem } from './problem.ts'

const LEAST = 32

/** Makes the token file once and sees to it that only its owner, the user inside the container, can read it. */
export function ensureToken(
  file: string,
  owner: ContainerUser,
  make = () => randomBytes(32).toString('base64url'),
  mode = 0o600,
): 'made' | 'kept' {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const made = createOnce(file, make)
  const token = readFileSync(file, 'utf8').trim()
  if (token.length < LEAST || !/^[\x21-\x7e]+$/.test(token)) {
    throw new Problem(
      `${file}: a token has at least ${LEAST} printable characters. Delete the file and a new one is made.`,
    )
  }
  chmodSync(file, mode)
  // Only root can and must: whoever else runs this owns the file already.
  if (process.getuid?.() === 0 && statSync(file).uid !== owner.uid) chownSync(file, owner.uid, owner.gid)
  return made ? 'made' : 'kept'
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
