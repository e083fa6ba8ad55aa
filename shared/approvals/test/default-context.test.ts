import { expect, it } from 'vitest'
import { defaultContext, switchDefaultContext } from '../src/index.ts'
import { aRequest, cast, onBothEngines } from './harness.ts'

onBothEngines("a server's default context", (bench) => {
  it('is switched only from what the plan was made with, once for each operation', async () => {
    const store = await bench.fresh()
    const { agent } = await cast(store)
    const { requestId, planDigest } = await aRequest(store, agent)
    const change = { server: 'k8s-mcp', from: 'a', to: 'b', requestId, planDigest, index: 0 }
    expect(await defaultContext(store, 'k8s-mcp')).toBeUndefined()
    await switchDefaultContext(store, change)
    await switchDefaultContext(store, change)
    expect(await defaultContext(store, 'k8s-mcp')).toBe('b')
    expect(await defaultContext(store, 'other')).toBeUndefined()
    await expect(switchDefaultContext(store, { ...change, index: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await switchDefaultContext(store, { ...change, from: 'b', to: 'c', index: 2 })
    expect(await defaultContext(store, 'k8s-mcp')).toBe('c')
    const rows = await store.db
      .selectFrom('audit_chain')
      .select('outcome')
      .where('type', '=', 'context.switched')
      .execute()
    expect(rows).toEqual([{ outcome: 'b' }, { outcome: 'c' }])
  })
})
