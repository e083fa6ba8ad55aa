import { createReadStream, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { exportRecord } from '@gatehouse/approvals'
import { verifyExport } from '@gatehouse/audit'
import { command, openState } from './state/open-state.ts'

const HELP = `npm run audit -- verify [FILE] [--checkpoints FILE] [--key ID]
npm run audit -- export [--after ROW]

verify  checks every row of the record, offline: hashes, order, payloads, and that it passes through each signed checkpoint.
        FILE is an export; without it the state of this machine is read (STATE_DIR, DATABASE_URL as for npm start).
        It names the first bad row. Exit code 0: whole; 1: not.
export  writes the record as JSON lines to standard output.

  --checkpoints FILE   checkpoints.jsonl that was kept elsewhere (default: the one in STATE_DIR)
  --key ID             the signing key you trust, as its first checkpoint named it
  --after ROW          only rows behind this one
`
const options = {
  checkpoints: { type: 'string' },
  key: { type: 'string' },
  after: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

await command(async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [verb, file] = positionals
  if (values.help || verb === undefined) process.stdout.write(HELP)
  else if (verb === 'verify') await verify(file, values)
  else if (verb === 'export' && file === undefined) await exportAll(Number(values.after ?? 0))
  else {
    process.stderr.write(HELP)
    process.exitCode = 2
  }
})

async function verify(
  file: string | undefined,
  { checkpoints, key }: { checkpoints?: string; key?: string },
) {
  const started = performance.now()
  const state = file === undefined ? await openState() : undefined
  const beside = state && path.join(state.stateDir, 'checkpoints.jsonl')
  const kept = checkpoints ?? (beside && existsSync(beside) ? beside : undefined)
  const lines = state ? exportRecord(state.store) : createInterface({ input: createReadStream(file ?? '') })
  const signed = kept ? readFileSync(kept, 'utf8').split('\n').filter(Boolean) : []
  const report = await verifyExport(lines, signed, key)
  await state?.store.close()
  const { ok, rows, bad, problems, notes } = report
  for (const note of [...notes, ...problems]) console.log(`! ${note}`)
  if (bad) console.log(`first bad row: ${bad.row} (line ${bad.line}): ${bad.reason}`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const evidence =
    signed.length > 0 ? `${report.checkpoints} checkpoints agree` : 'no checkpoints: its end is not proved'
  console.log(`${ok ? 'ok' : 'NOT WHOLE'}: ${rows} rows in ${seconds} s, ${evidence}`)
  process.exitCode = ok ? 0 : 1
}

async function exportAll(after: number): Promise<void> {
  const { store } = await openState()
  for await (const line of exportRecord(store, after)) process.stdout.write(`${line}\n`)
  await store.close()
}
