import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const INSTALL = `Chromium is needed for the tests of the pages. On Debian and Ubuntu: apt-get install chromium
Elsewhere: put chromium, chromium-browser or google-chrome into PATH, or name the program in CHROMIUM.`

/** A real Chromium, without a window. Close it when done. @throws Error that says what to install */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findProgram() ?? install(),
    // Its sandbox refuses to run as root, as in most containers; it only ever sees our own pages here.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage', '--hide-scrollbars'],
  })
}

function findProgram(): string | undefined {
  const given = process.env.CHROMIUM
  if (given) {
    if (existsSync(given)) return given
    throw new Error(`CHROMIUM names ${given}, which is not there`)
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin']
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

function install(): string {
  const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!debian) throw new Error(INSTALL)
  console.log('Installing Chromium from Debian for the tests of the pages')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ])
    if (spawnSync('apt-get', args, { stdio: 'inherit', env }).status !== 0) throw new Error(INSTALL)
  const program = findProgram()
  if (!program) throw new Error(INSTALL)
  return program
}
