import { GatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import { createExecutor } from '@gatehouse/operations'
import type { Policy } from '@gatehouse/policy/gate'
import { switchDefaultContext } from '../default-context.ts'
import type { Executor } from '../execution.ts'
import type { Store } from '../store/store.ts'
import { refusedNow } from './judge.ts'

export interface ExecutorOptions {
  store: Store
  /** With the identity that may write. */
  clusters: Clusters
  policy: () => Policy
}

/** The worker's executor: what shared/operations does, asking claim and policy again right before anything is sent. */
export function policedExecutor({ store, clusters, policy }: ExecutorOptions): Executor {
  const executor = createExecutor({ clusters })
  return {
    execute: (planned, attempts, { index, plan, requestId, planDigest, stillClaimed }, signal) => {
      const stillAllowed = async () => {
        if (!(await stillClaimed())) return 'The claim on this request is no longer held'
        // Budgets were judged when it was asked for; by now it is counted itself.
        const { subject, kind } = plan.requester
        const judging = { requester: { subject, kind, changesLastHour: 0 }, planSize: plan.operations.length }
        return refusedNow(planned, policy(), plan.policy, judging)
      }
      const switchContext = async (change: { server: string; from: string; to: string }) => {
        try {
          await switchDefaultContext(store, { ...change, requestId, planDigest, index })
          return true
        } catch (thrown) {
          if (thrown instanceof GatehouseError && thrown.code === 'CONFLICT') return false
          throw thrown
        }
      }
      return executor.execute(planned, attempts, { index, stillAllowed, switchContext }, signal)
    },
  }
}
