import { appendFileSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCheckpoints, verifyExport } from '../src/index.ts'
import { makeKey, stageKey } from '../src/signing-key.ts'
import { exportOf } from './chains.ts'
import { folder } from './folder.ts'

const { lines, hashes } = exportOf(30)
const head = (size: number) => ({ chain: 'c', size, hash: hashes[size - 1] ?? '' })
const fileOf = (dir: string) => join(dir, 'checkpoints.jsonl')

describe('checkpoints', () => {
  it('are on disk and on stdout, by a key that only its owner can read', async () => {
    const dir = folder()
    const emitted: string[] = []
    const checkpoints = openCheckpoints({ dir, emit: (line) => emitted.push(line) })
    checkpoints.write(head(10))
    expect(checkpoints.newest()).toMatchObject({ size: 10, head: hashes[9] })
    expect(readFileSync(fileOf(dir), 'utf8').trim().split('\n')).toEqual(emitted)
    expect(statSync(join(dir, 'audit-key.pem')).mode & 0o777).toBe(0o600)
    expect(statSync(fileOf(dir)).mode & 0o777).toBe(0o600)
    expect(await verifyExport(lines, emitted)).toMatchObject({ ok: true, checkpoints: 1 })
  })

  it('changed, or signed by somebody else, are no evidence', async () => {
    const checkpoints = openCheckpoints({ dir: folder() })
    checkpoints.write(head(10))
    const [key = '', line = ''] = checkpoints.lines()
    const stranger = openCheckpoints({ dir: folder() })
    stranger.write(head(10))
    const [otherKey = '', otherLine = ''] = stranger.lines()
    for (const attack of [
      [key, line.replace('"size":10', '"size":11')],
      [key, otherLine],
      [key, otherKey, otherLine],
      [line],
      [key, '{}'],
      [key, line, 'rubbish'],
    ])
      expect((await verifyExport(lines, attack)).ok).toBe(false)
    // A whole file by somebody else is found out by the id of the key that is trusted.
    const trusted = JSON.parse(key).key
    expect((await verifyExport(lines, stranger.lines(), trusted)).ok).toBe(false)
    expect((await verifyExport(lines, checkpoints.lines(), trusted)).ok).toBe(true)
  })

  it('verify across a rotation of the key; the old key is worth nothing afterwards (G52)', async () => {
    const dir = folder()
    const checkpoints = openCheckpoints({ dir })
    checkpoints.write(head(10))
    copyFileSync(join(dir, 'audit-key.pem'), join(dir, 'stolen.pem'))
    const id = checkpoints.rotate()
    checkpoints.write(head(20))
    expect(JSON.parse(checkpoints.lines().at(-1) ?? '').key).toBe(id)
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({
      ok: true,
      checkpoints: 2,
      problems: [],
    })
    copyFileSync(join(dir, 'stolen.pem'), join(dir, 'audit-key.pem'))
    checkpoints.write({ ...head(25), hash: 'f'.repeat(64) })
    const report = await verifyExport(lines, checkpoints.lines())
    expect(report).toMatchObject({ ok: true, checkpoints: 2 })
    expect(report.notes[0]).toContain('retired key')
    // Without the old key's word for it a new key is nobody's.
    const unendorsed = checkpoints.lines().map((line) => line.replace(/"endorsement":"[^"]*",/, ''))
    expect((await verifyExport(lines, unendorsed)).ok).toBe(false)
  })

  it('survive a process that was killed in the middle of a line or a rotation', async () => {
    const dir = folder()
    openCheckpoints({ dir }).write(head(10))
    appendFileSync(fileOf(dir), '{"chain":"c","head":"ab')
    const checkpoints = openCheckpoints({ dir })
    expect(checkpoints.newest()?.size).toBe(10)
    checkpoints.write(head(20))
    expect(checkpoints.newest()?.size).toBe(20)
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({ ok: true, checkpoints: 2 })
    // Staged but not announced: the old key stays.
    stageKey(join(dir, 'audit-key.pem'), makeKey().pem)
    openCheckpoints({ dir }).write(head(25))
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({ ok: true, checkpoints: 3 })
    // Announced but not adopted: it counts from the next start on.
    const old = readFileSync(join(dir, 'audit-key.pem'))
    checkpoints.rotate()
    const fresh = readFileSync(join(dir, 'audit-key.pem'))
    writeFileSync(join(dir, 'audit-key.pem'), old)
    writeFileSync(join(dir, 'audit-key.pem.new'), fresh)
    openCheckpoints({ dir }).write(head(30))
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({
      ok: true,
      checkpoints: 4,
      notes: [],
    })
  })

  it('that cannot be believed stop the start', () => {
    const dir = folder()
    openCheckpoints({ dir }).write(head(10))
    rmSync(join(dir, 'audit-key.pem'))
    expect(() => openCheckpoints({ dir })).toThrow('no audit-key.pem')
    const other = folder()
    const checkpoints = openCheckpoints({ dir: other })
    checkpoints.write(head(10))
    writeFileSync(fileOf(other), readFileSync(fileOf(other), 'utf8').replace('"size":10', '"size":9'))
    expect(() => checkpoints.newest()).toThrow('line 2 is not signed by a known key')
  })

  it('after an acknowledged rollback bind from there on', async () => {
    const checkpoints = openCheckpoints({ dir: folder() })
    checkpoints.write(head(10))
    const lost = { chain: 'c', size: 20, hash: 'f'.repeat(64) }
    checkpoints.write(lost)
    const newest = checkpoints.newest()
    expect(await verifyExport(lines, checkpoints.lines())).toMatchObject({ ok: false })
    if (newest) checkpoints.acceptLoss(newest, { size: 15, head: hashes[14] ?? '' }, 'alice')
    checkpoints.write(head(16))
    const report = await verifyExport(lines, checkpoints.lines())
    expect(report).toMatchObject({ ok: true, checkpoints: 2 })
    expect(report.notes).toEqual(['rows 16 to 20 were lost to a rollback, acknowledged by alice'])
    expect(checkpoints.newest()?.size).toBe(16)
  })
})
