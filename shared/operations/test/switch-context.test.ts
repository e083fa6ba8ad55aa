import { beforeAll, describe, expect, it } from 'vitest'
import { createExecutor, planOperations } from '../src/index.ts'
import { allowed, type Bench, bench, clustersOf, MemoryAttempts, quick } from './harness.ts'

let b: Bench
let kubeconfig: string
beforeAll(async () => {
  b = await bench()
  const { cert, key } = await b.handle.certificate('switcher', ['system:masters'])
  const user = { certificate: { cert, key } }
  kubeconfig = await b.handle.writeKubeconfig('switching', [
    { name: 'first', user },
    { name: 'second', user },
  ])
})

/** Default contexts as a store keeps them. */
function store(start?: string) {
  const contexts = new Map<string, string>(start ? [['k8s', start]] : [])
  return {
    contexts,
    defaultContext: async (server: string) => contexts.get(server),
    switchContext: async ({ server, from, to }: { server: string; from: string; to: string }) => {
      if (contexts.get(server) === to) return true
      if ((contexts.get(server) ?? '') !== from) return false
      contexts.set(server, to)
      return true
    },
  }
}

const operation = { type: 'switchContext', server: 'k8s', context: 'second' } as const

describe('switchContext', () => {
  it('sets the default context of a server, and its undo sets it back', async () => {
    const clusters = clustersOf(kubeconfig)
    const { contexts, defaultContext, switchContext } = store()
    const [planned] = await planOperations([operation], { clusters, defaultContext })
    expect(planned).toMatchObject({
      title: 'Let k8s use context "second" instead of "first"',
      switch: { server: 'k8s', from: '', to: 'second' },
      undo: { operations: [{ type: 'switchContext', context: 'first' }] },
    })
    const executor = createExecutor({ clusters, timing: quick })
    const attempts = new MemoryAttempts()
    const context = { index: 0, stillAllowed: allowed, switchContext }
    const execute = () => executor.execute(planned!, attempts, context, new AbortController().signal)
    expect(await execute()).toMatchObject({ state: 'succeeded' })
    expect(contexts.get('k8s')).toBe('second')
    // A takeover does it again, which changes nothing.
    expect(await execute()).toMatchObject({ state: 'succeeded' })
    await expect(planOperations([operation], { clusters, defaultContext })).rejects.toMatchObject({
      code: 'NO_CHANGE',
    })
  })

  it('is stale where somebody else switched meanwhile', async () => {
    const clusters = clustersOf(kubeconfig)
    const { contexts, defaultContext, switchContext } = store('first')
    const [planned] = await planOperations([operation], { clusters, defaultContext })
    contexts.set('k8s', 'third')
    const executor = createExecutor({ clusters, timing: quick })
    const context = { index: 0, stillAllowed: allowed, switchContext }
    const signal = new AbortController().signal
    expect(await executor.execute(planned!, new MemoryAttempts(), context, signal)).toMatchObject({
      state: 'stale',
    })
    expect(contexts.get('k8s')).toBe('third')
  })

  it('refuses a context that is not there, and a place without a store', async () => {
    const clusters = clustersOf(kubeconfig)
    const { defaultContext } = store()
    const wrong = { ...operation, context: 'secomd' }
    await expect(planOperations([wrong], { clusters, defaultContext })).rejects.toThrow(/did you mean second/)
    await expect(planOperations([operation], { clusters })).rejects.toMatchObject({
      code: 'APPROVAL_UNAVAILABLE',
    })
  })
})
