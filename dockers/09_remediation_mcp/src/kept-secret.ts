import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * A secret of this installation that is made once and stays: what was shown yesterday must read the same tomorrow.
 * @throws SettingError-like errors of the file system when STATE_DIR cannot be used
 */
export function keptSecret(
  stateDir: string,
  name: string,
  make = () => randomBytes(32).toString('base64url'),
): string {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const file = path.join(stateDir, name)
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true })
    } catch (error) {
      // Another process was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(file, 'utf8').trim()
}
