import { type AuditRow, digestOfPayload, GENESIS, hashOfRow, lineOf, textOfPayload } from '../src/row.ts'

/** An export of `length` rows, as a store would write it; every second row has a payload. */
export function exportOf(length: number, change: (row: AuditRow) => AuditRow = (row) => row) {
  const lines: string[] = []
  const hashes: string[] = []
  let prev = GENESIS
  for (let seq = 1; seq <= length; seq++) {
    const payload = seq % 2 ? textOfPayload({ reason: `because ${seq}`, list: [1, 2, { a: null }] }) : null
    const salt = payload === null ? null : `salt-${seq}`
    const row = change({
      actor: { credential: 'token:1', kind: 'human', subject: 'alice' },
      chain: 'c',
      outcome: null,
      payloadDigest: payload === null || salt === null ? null : digestOfPayload(salt, payload),
      plan: 'f'.repeat(64),
      prev,
      request: `request-${seq % 7}`,
      seq,
      singleUser: false,
      time: 1_700_000_000_000 + seq,
      type: 'decision.approve',
    })
    prev = hashOfRow(row)
    hashes.push(prev)
    lines.push(lineOf({ erased: false, hash: prev, row, salt }, payload))
  }
  return { lines, hashes }
}
