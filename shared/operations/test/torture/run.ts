import { setTimeout as pause } from 'node:timers/promises'
import {
  createExecutor,
  type OperationOutcome,
  type PlannedOperation,
  planOperations,
} from '../../src/index.ts'
import { FencedStore, Killed } from './fenced-store.ts'
import { faultsOf, meddle, wipe } from './meddler.ts'
import { Random } from './random.ts'
import type { Site } from './site.ts'
import { type Subject, subjectOf } from './subject.ts'

const TIMING = { send: 1_500, lost: 60, poll: 10, settle: 0 }

export interface RunReport {
  seed: number
  type: string
  /** Of the last executor, whose word counts. */
  state: OperationOutcome['state'] | 'killed'
  effects: number
  /** What must not be, in words. */
  broken: string[]
}

/** One approved change under random faults, deaths, takeovers and meddling, and what an independent watch saw of it. */
export async function run(site: Site, seed: number): Promise<RunReport> {
  const random = new Random(seed)
  const subject = await subjectOf(site, random, `o${seed}`)
  const [planned] = await planOperations([subject.operation], { clusters: site.clusters })
  if (!planned) throw new Error('nothing was planned')
  planned.expectation.check = 'none'
  site.faults.set(subject.name, faultsOf(random, subject.object === undefined))
  const store = new FencedStore()
  const meddling = meddle(site, subject, random)
  const over = new AbortController()
  const wiping = random.chance(0.5) ? wipe(site, subject, over.signal) : undefined
  const states = await executors(site, planned, store, random)
  await meddling
  await site.proxy.settled()
  over.abort()
  await wiping
  site.faults.delete(subject.name)
  const effects = await effectsOf(site, subject, planned)
  const last = states.at(-1) ?? 'killed'
  const type = subject.object ? subject.operation.type : `${subject.operation.type} (new)`
  site.effects.forget(subject.name)
  return { seed, type, state: last, effects, broken: brokenBy(planned, states, effects) }
}

type State = RunReport['state']

// The next one takes over when the one before has died, or only seems to.
async function executors(
  site: Site,
  planned: PlannedOperation,
  store: FencedStore,
  random: Random,
): Promise<State[]> {
  const running: Promise<State>[] = []
  const executor = createExecutor({ clusters: site.clusters, timing: TIMING })
  for (let number = 0; number < 4; number++) {
    const context = { index: 0, stillAllowed: async () => undefined }
    const signal = new AbortController().signal
    const one = executor.execute(planned, store.claim(random), context, signal).then(
      ({ state }) => state,
      (error) => {
        if (error instanceof Killed) return 'killed' as const
        throw error
      },
    )
    running.push(one)
    const seemsDead = random.chance(0.3)
    if (seemsDead) await pause(random.below(80))
    else if ((await one) !== 'killed') break
  }
  return Promise.all(running)
}

async function effectsOf(
  { api, effects }: Site,
  { name, path, operation }: Subject,
  planned: PlannedOperation,
) {
  const { status, body } = await api('GET', path)
  await effects.upTo(name, status === 404 ? undefined : body.metadata.resourceVersion)
  return operation.type === 'delete'
    ? effects.ended(name, planned.uid ?? '')
    : effects.count(name, planned.marker)
}

function brokenBy({ type }: PlannedOperation, states: State[], effects: number): string[] {
  const broken: string[] = []
  const last = states.at(-1)
  if (effects > 1) broken.push(`${effects} effects`)
  if (states.includes('succeeded') && effects === 0) broken.push('claimed to have happened, and did not')
  // Somebody else may have deleted it too, so its end proves nothing.
  const denied = last === 'stale' || last === 'failed' || last === 'blocked'
  if (type !== 'delete' && denied && effects > 0) broken.push(`happened, and was called ${last}`)
  return broken
}
