import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { WriteStream } from 'node:tty'
import type { Config } from './config.ts'
import type { RemediationServer } from './server.ts'

/** What opens the pages for the first person. It holds a token: a terminal shows it, a log never does. */
export function approverLink({ owner }: RemediationServer, config: Config): string | undefined {
  return owner && `${config.publicUrl}/login#token=${owner.tokens.approver}`
}

/** Shows the link on a terminal; elsewhere writes it to a file of mode 0600 and lets the log name that. */
export function showApproverLink(server: RemediationServer, config: Config, terminal?: WriteStream): void {
  const link = approverLink(server, config)
  if (!link) return
  if (terminal?.isTTY) {
    terminal.write(`\nApprove changes at ${link}\n\n`)
    return
  }
  const file = path.join(config.stateDir, 'approver-link')
  writeFileSync(file, `${link}\n`, { mode: 0o600 })
  server.log.info('the link for the person who approves is in a file', { file })
}
