import type { Plan } from '@gatehouse/operations'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import { getPlan } from '../read-request.ts'
import type { RequestHead } from '../request.ts'
import type { Store } from '../store/store.ts'
import { fairTurn } from './fair-turn.ts'
import {
  type OutcomeOfRequest,
  type OutcomeView,
  outcomeOfRequest,
  standaloneOutcome,
} from './outcome-view.ts'
import { type OperationView, type PlanView, planView } from './plan-view.ts'
import { type DecisionView, decisionsOf, type HeadView, headView } from './request-view.ts'
import { type Shown, showing } from './shown-text.ts'
import { slimOutcomes, slimPlan } from './slim.ts'

type ListedOperation = Omit<OperationView, 'diff' | 'unseen'> & {
  /** How many fields change. */
  changes: number
}

interface ListedPlan extends Omit<PlanView, 'operations' | 'approvable' | 'notApprovable'> {
  operations: ListedOperation[]
}

/** A request in a list: without what changes, and without whether it can be approved, which only the whole tells. */
export interface ListedView extends HeadView, ListedPlan {
  viewDigest: Shown
  decisions: DecisionView[]
  outcome?: OutcomeOfRequest
}

/** Entries of lists for a reader, by subject. Each waits for its turn, so that a long list holds up nobody. */
export interface Listing {
  view(head: RequestHead, reader: string): Promise<Sanitised<ListedView>>
  outcome(
    head: RequestHead,
    reader: string,
    approvalUrl: string,
    correlationId: string,
  ): Promise<Sanitised<OutcomeView>>
}

const MOST_KEPT = 1_000

/** Reads each plan once: what lists need of it is kept. */
export function createListing(store: Store, sanitizer: Sanitizer): Listing {
  const show = showing(sanitizer)
  const kept = new Map<string, Promise<ListedPlan>>()
  const planOf = ({ requestId, planDigest }: RequestHead): Promise<ListedPlan> => {
    const known = kept.get(planDigest)
    kept.delete(planDigest)
    const plan = known ?? getPlan(store, requestId).then((one) => listedPlan(one, planDigest, sanitizer))
    kept.set(planDigest, plan)
    const oldest = kept.keys().next().value
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return plan
  }
  // One that could not be read, or does not have its digest, is no plan to keep under it.
  const read = async (head: RequestHead, reader: string): Promise<ListedPlan> => {
    await fairTurn(reader)
    const plan = await planOf(head).catch((thrown: unknown) => {
      kept.delete(head.planDigest)
      throw thrown
    })
    if (plan.operations.length === 0) kept.delete(head.planDigest)
    return plan
  }
  return {
    async view(head, reader) {
      const plan = await read(head, reader)
      const slim = { ...head, outcomes: slimOutcomes(head.outcomes) }
      const outcome = outcomeOfRequest(slim, titlesOf(plan), show)
      return sanitizer.value({
        ...headView(head, show),
        ...plan,
        viewDigest: show(head.viewDigest),
        decisions: decisionsOf(head, show),
        ...(outcome && { outcome }),
      })
    },
    async outcome(head, reader, approvalUrl, correlationId) {
      const plan = await read(head, reader)
      const slim = { ...head, outcomes: slimOutcomes(head.outcomes) }
      const headline = { title: plan.title, target: plan.target, titles: titlesOf(plan) }
      return standaloneOutcome(slim, headline, approvalUrl, correlationId, sanitizer)
    },
  }
}

function listedPlan(plan: Plan, planDigest: string, sanitizer: Sanitizer): ListedPlan {
  const { approvable: _whole, notApprovable: _why, ...view } = planView(slimPlan(plan), planDigest, sanitizer)
  const operations = view.operations.map(({ diff: _none, unseen: _unread, ...operation }, index) => ({
    ...operation,
    changes: plan.operations[index]?.changes.length ?? 0,
  }))
  return { ...view, operations }
}

const titlesOf = ({ operations }: ListedPlan) => operations.map(({ title }) => title)
