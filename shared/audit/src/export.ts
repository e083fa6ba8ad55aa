import type { Kysely } from 'kysely'
import { fromColumns } from './chain.ts'
import { lineOf } from './row.ts'
import type { AuditTables } from './tables.ts'

const BATCH = 2_000

/**
 * The record as JSON lines, oldest first, from row `after` + 1 on: canonical JSON, one row a line, with its payload
 * unless that was erased. Read in batches; rows appended meanwhile are included.
 */
export async function* exportLines(db: Kysely<AuditTables>, after = 0): AsyncGenerator<string> {
  for (let last = after; ; ) {
    const rows = await db
      .selectFrom('audit_chain')
      .leftJoin('audit_payloads', 'audit_payloads.seq', 'audit_chain.seq')
      .selectAll('audit_chain')
      .select(['audit_payloads.salt', 'audit_payloads.payload', 'audit_payloads.erased_at'])
      .where('audit_chain.seq', '>', last)
      .orderBy('audit_chain.seq')
      .limit(BATCH)
      .execute()
    for (const { salt, payload, erased_at, ...stored } of rows) {
      const record = { erased: erased_at !== null, hash: stored.hash, row: fromColumns(stored), salt }
      yield lineOf(record, payload)
    }
    const end = rows.at(-1)
    if (!end) return
    last = end.seq
  }
}
