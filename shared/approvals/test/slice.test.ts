import { openCheckpoints, verifyExport } from '@gatehouse/audit'
import { expect, it } from 'vitest'
import { createWorker, decide, exportRecord, getRequest } from '../src/index.ts'
import { aRequest, cast, onBothEngines, yesTo } from './harness.ts'

onBothEngines('from a proposal to its outcome', (bench) => {
  it('proposes, approves, claims, executes and can be verified', async () => {
    const where = await bench.address()
    const store = await bench.open(where)
    const { agent, alice } = await cast(store)
    const request = await aRequest(store, agent)
    expect(request.state).toBe('pending')
    const decided = await decide(store, alice, yesTo(request))
    expect(decided.request.state).toBe('approved')
    const sent: string[] = []
    const checkpoints = openCheckpoints({ dir: where.stateDir })
    const worker = createWorker({
      store,
      checkpoints,
      executor: {
        async execute(planned, attempts, { index }) {
          const attempt = {
            index,
            number: 1,
            uid: 'u',
            resourceVersion: '7',
            bodyDigest: 'b',
            auditId: 'a',
            startedAt: 1,
          }
          if (await attempts.persist(attempt)) sent.push(planned.title)
          return { state: 'succeeded', verification: { ok: true, text: 'fine' } }
        },
      },
    })
    await worker.runOnce()
    expect(sent).toHaveLength(1)
    expect(await getRequest(store, request.requestId)).toMatchObject({
      state: 'succeeded',
      outcomes: [{ state: 'succeeded', verification: { ok: true } }],
    })
    const report = await verifyExport(exportRecord(store), checkpoints.lines())
    expect(report).toMatchObject({ ok: true, bad: null, checkpoints: 1 })
    await worker.stop()
  })
})
