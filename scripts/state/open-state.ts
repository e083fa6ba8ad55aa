import { openStore, type Store } from '@gatehouse/approvals'
import { createSanitizer } from '@gatehouse/sanitizer'
import { readConfig } from '../../dockers/09_remediation_mcp/src/config.ts'
import { keptSecret } from '../../dockers/09_remediation_mcp/src/kept-secret.ts'

/** Opens the state that `npm start` uses, also while it runs: for commands that look or change one thing. */
export async function openState(): Promise<{ store: Store; stateDir: string }> {
  const { config } = readConfig(process.env)
  const sanitizer = createSanitizer({
    key: config.SANITIZER_KEY ?? keptSecret(config.stateDir, 'sanitizer-key'),
  })
  const store = await openStore({
    stateDir: config.stateDir,
    databaseUrl: config.DATABASE_URL,
    sanitise: (value) => sanitizer.value(value),
    guest: true,
  })
  return { store, stateDir: config.stateDir }
}

/** Runs a command; what it throws on purpose becomes one line and exit code 1. */
export async function command(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    const { name, message, hint, code } = thrown as Error & { hint?: string; code?: string }
    if (name !== 'GatehouseError' && name !== 'SettingError' && !code?.startsWith('ERR_PARSE_ARGS'))
      throw thrown
    process.stderr.write(`${message}${hint ? `\n${hint}` : ''}\n`)
    process.exitCode = 1
  }
}
