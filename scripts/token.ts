import { parseArgs } from 'node:util'
import { createToken, listTokens, revokeToken, type Scope } from '@gatehouse/approvals'
import { command, openState } from './state/open-state.ts'

const HELP = `npm run token -- new SUBJECT --scopes SCOPES [--kind KIND] [--days N] [--name TEXT] [--behind SUBJECT]
npm run token -- list
npm run token -- revoke ID

Works on the machine that holds the state (STATE_DIR, DATABASE_URL as for npm start), also while the suite runs.

  --scopes   read, propose, approve, admin, separated by commas; propose and approve never on one token
  --kind     human, agent or service (default: human with approve, else agent)
  --days     how long it is valid (default 90)
  --behind   the person an agent acts for, who may then not approve what it asks

The token is shown this once. An example: npm run token -- new alice --scopes read,approve
`
const BY = { subject: 'command-line', kind: 'system', credential: 'local' } as const
const DAY_MS = 86_400_000

const options = {
  scopes: { type: 'string' },
  kind: { type: 'string' },
  days: { type: 'string' },
  name: { type: 'string' },
  behind: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

await command(async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [verb, subject] = positionals
  if (values.help || verb === undefined) process.stdout.write(HELP)
  else if (verb === 'new' && subject && values.scopes) await make(subject, values)
  else if (verb === 'list' && positionals.length === 1) await list()
  else if (verb === 'revoke' && subject) await revoke(subject)
  else {
    process.stderr.write(HELP)
    process.exitCode = 2
  }
})

async function make(
  subject: string,
  {
    scopes = '',
    kind,
    days = '90',
    name = 'command line',
    behind,
  }: Record<string, string | boolean | undefined>,
): Promise<void> {
  const wanted = String(scopes).split(',') as Scope[]
  const guessed = wanted.includes('approve') || wanted.includes('admin') ? 'human' : 'agent'
  const { store } = await openState()
  try {
    const { id, token } = await createToken(
      store,
      {
        subject,
        kind: (kind ?? guessed) as 'human' | 'agent' | 'service',
        scopes: wanted,
        name: String(name),
        validMs: Number(days) * DAY_MS,
        ...(typeof behind === 'string' && { behind }),
      },
      BY,
    )
    process.stdout.write(`${token}\n`)
    process.stderr.write(`token ${id} of ${subject}, valid ${days} days; it is not shown again\n`)
  } finally {
    await store.close()
  }
}

async function list(): Promise<void> {
  const { store } = await openState()
  const tokens = await listTokens(store)
  await store.close()
  const day = (at: number | null) =>
    at === null ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  const rows = tokens.map((one) => [
    one.id,
    one.subject,
    one.kind,
    one.scopes.join(','),
    one.revokedAt === null ? day(one.expiresAt) : 'revoked',
    day(one.lastUsedAt),
    one.name,
  ])
  const all = [['ID', 'SUBJECT', 'KIND', 'SCOPES', 'VALID UNTIL', 'LAST USED', 'NAME'], ...rows]
  const widths = all[0]?.map((_cell, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

async function revoke(id: string): Promise<void> {
  const { store } = await openState()
  try {
    await revokeToken(store, id, BY)
    console.log(`token ${id} is revoked`)
  } finally {
    await store.close()
  }
}
