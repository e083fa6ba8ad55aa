import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoints, verifyExport } from '../src/index.ts'
import { ERASURE, hashOfRow, lineOf } from '../src/row.ts'
import { exportOf } from './chains.ts'
import { folder } from './folder.ts'

/** Checkpoints over the rows with these numbers. */
function checkpointsOver(hashes: string[], ...sizes: number[]) {
  const checkpoints = openCheckpoints({ dir: folder() })
  for (const size of sizes) checkpoints.write({ chain: 'c', size, hash: hashes[size - 1] ?? '' })
  return checkpoints
}

describe('an export', () => {
  it('that is whole verifies, with and without its checkpoints', async () => {
    const { lines, hashes } = exportOf(50)
    const checkpoints = checkpointsOver(hashes, 10, 50)
    expect(await verifyExport(lines)).toMatchObject({ ok: true, rows: 50, bad: null, checkpoints: 0 })
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({ ok: true, checkpoints: 2 })
    expect(await verifyExport([])).toMatchObject({ ok: true, rows: 0, head: null })
  })

  it('with any one character changed fails at that row', async () => {
    const { lines } = exportOf(12)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(11),
        fc.nat(),
        fc.integer({ min: 32, max: 126 }),
        async (index, place, character) => {
          const line = lines[index] ?? ''
          const at = place % line.length
          const changed = line.slice(0, at) + String.fromCharCode(character) + line.slice(at + 1)
          fc.pre(changed !== line)
          expect(await verifyExport(lines.with(index, changed))).toMatchObject({
            ok: false,
            bad: { row: index + 1 },
          })
        },
      ),
      { numRuns: 400 },
    )
  })

  it.each([
    ['deleted', (lines: string[]) => lines.toSpliced(4, 1), 5, 'missing: row 6 stands here'],
    ['swapped', (lines: string[]) => lines.with(4, lines[5] ?? '').with(5, lines[4] ?? ''), 5, 'missing'],
    ['repeated', (lines: string[]) => lines.toSpliced(5, 0, lines[4] ?? ''), 6, 'repeated'],
    [
      'put in',
      (lines: string[]) =>
        lines.toSpliced(5, 0, exportOf(6, (row) => ({ ...row, plan: null })).lines[5] ?? ''),
      6,
      'chain breaks',
    ],
    ['begun late', (lines: string[]) => lines.slice(3), 1, 'missing: row 4'],
    ['not JSON', (lines: string[]) => lines.with(4, 'x'), 5, 'not JSON'],
    ['not a row', (lines: string[]) => lines.with(4, '[]'), 5, 'not an audit row'],
    [
      'with a member more',
      (lines: string[]) => lines.with(4, (lines[4] ?? '').replace('{', '{"a":1,')),
      5,
      'form',
    ],
    [
      'with a member twice',
      (lines: string[]) => lines.with(4, (lines[4] ?? '').replace('"seq":5', '"seq":6,"seq":5')),
      5,
      'form',
    ],
  ])('with a row %s fails there', async (_, attack, row, reason) => {
    const report = await verifyExport(attack(exportOf(10).lines))
    expect(report).toMatchObject({ ok: false, bad: { row, reason: expect.stringContaining(reason) } })
  })

  it.each([
    ['decision and claim', ['decision.approve', 'request.claimed', 'operation.attempt'], null],
    ['a claim that nobody decided', ['request.claimed', 'operation.attempt'], 2],
    ['a decision that nobody claimed', ['decision.approve', 'operation.attempt'], 2],
    ['a claim before the decision', ['request.claimed', 'decision.approve', 'operation.attempt'], 3],
    [
      'a request that had ended',
      ['decision.approve', 'request.claimed', 'request.finished', 'operation.attempt'],
      4,
    ],
  ])('with an attempt after %s', async (_, types, bad) => {
    const { lines } = exportOf(types.length, (row) => ({
      ...row,
      request: 'one',
      type: types[row.seq - 1] ?? row.type,
    }))
    const report = await verifyExport(lines)
    expect([report.ok, report.bad?.row ?? null]).toEqual([bad === null, bad])
  })

  it('with a row forged and its hash put right fails where the next one hangs on it', async () => {
    const { lines } = exportOf(10)
    const record = JSON.parse(lines[4] ?? '')
    record.row.actor.subject = 'mallory'
    record.hash = hashOfRow(record.row)
    const forged = lineOf(record, JSON.stringify(record.payload))
    expect(await verifyExport(lines.with(4, forged))).toMatchObject({
      bad: { row: 6, reason: expect.stringContaining('the chain breaks here') },
    })
  })

  it('cut at its end, or rolled back and continued, fails by its checkpoints', async () => {
    const { lines, hashes } = exportOf(20)
    const checkpoints = checkpointsOver(hashes, 5, 15).lines()
    expect(await verifyExport(lines.slice(0, 12))).toMatchObject({ ok: true })
    expect(await verifyExport(lines.slice(0, 12), checkpoints)).toMatchObject({
      ok: false,
      bad: { row: 13, reason: expect.stringContaining('cut off') },
    })
    const continued = exportOf(20, (row) => (row.seq > 12 ? { ...row, type: 'other' } : row)).lines
    expect(await verifyExport(continued, checkpoints)).toMatchObject({
      bad: { row: 15, reason: expect.stringContaining('rows 6 to 15 were replaced') },
    })
    const replaced = exportOf(20, (row) => ({ ...row, chain: 'another' })).lines
    expect(await verifyExport(replaced, checkpoints)).toMatchObject({ bad: { row: 5 } })
  })

  it('with a payload changed, taken away or put in fails there; an erasure on the record does not', async () => {
    const { lines } = exportOf(10)
    const edit = (row: number, change: object) => {
      const record = { ...JSON.parse(lines[row - 1] ?? ''), ...change }
      return lines.with(row - 1, lineOf(record, record.payload && JSON.stringify(record.payload)))
    }
    expect(await verifyExport(edit(3, { payload: { a: 1 } }))).toMatchObject({ bad: { row: 3 } })
    expect(await verifyExport(edit(3, { payload: null, salt: null }))).toMatchObject({ bad: { row: 3 } })
    expect(await verifyExport(edit(4, { payload: { a: 1 }, salt: 's' }))).toMatchObject({ bad: { row: 4 } })
    const erased = { payload: null, salt: null, erased: true }
    expect(await verifyExport(edit(3, erased))).toMatchObject({
      bad: { row: 3, reason: expect.stringContaining('erased without a record') },
    })
    const onRecord = exportOf(10, (row) =>
      row.seq === 10 ? { ...row, type: ERASURE, outcome: '3' } : row,
    ).lines
    const record = { ...JSON.parse(onRecord[2] ?? ''), ...erased }
    expect(await verifyExport(onRecord.with(2, lineOf(record, null)))).toMatchObject({ ok: true, erased: 1 })
  })

  it('of 200,000 rows: how fast', async ({ annotate }) => {
    const { lines, hashes } = exportOf(200_000)
    const began = performance.now()
    const report = await verifyExport(lines, checkpointsOver(hashes, 100_000, 200_000).lines())
    const perSecond = Math.round(200_000 / ((performance.now() - began) / 1_000))
    await annotate(`audit verification: ${perSecond} rows/s`)
    expect(report).toMatchObject({ ok: true, rows: 200_000 })
  })
})
