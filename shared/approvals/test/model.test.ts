import { verifyExport } from '@gatehouse/audit'
import type { Attempt } from '@gatehouse/operations'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attemptsOf } from '../src/attempts.ts'
import { type Claim, claim } from '../src/claim.ts'
import { finish, recordOutcome } from '../src/finish.ts'
import {
  cancel,
  decide,
  engageKillSwitch,
  exportRecord,
  getRequest,
  isFinal,
  type Principal,
  releaseKillSwitch,
  type Store,
  SYSTEM,
  setDisabled,
  sweep,
} from '../src/index.ts'
import { takeOver } from '../src/lease.ts'
import { type FakeCluster, fakeCluster } from './fake-cluster.ts'
import { aClock, anOperation, aRequest, cast, MINUTE, onBothEngines } from './harness.ts'

// Random sequences of everything that can happen to requests, step by step: executors are stopped between any two
// steps, some for good, packets arrive late or twice, the clock jumps, objects change by other hands.

interface Packet {
  object: string
  resourceVersion: number
  marker: string
}

interface Run {
  held: Claim
  step: 'begin' | 'sent-before' | 'ready' | 'sent' | 'recorded' | 'gone'
  attempt?: Attempt
  /** An attempt that somebody else persisted. */
  found: boolean
  status?: number
}

interface World {
  store: Store
  clock: ReturnType<typeof aClock>
  cluster: FakeCluster
  cast: { agent: Principal; alice: Principal; bob: Principal }
  requests: string[]
  runs: Run[]
  network: Packet[]
  finals: Map<string, string>
  /** What each request is entitled to, worked out from the commands alone. */
  rights: Map<string, Rights>
  halted: boolean
  bobDisabled: boolean
}

interface Rights {
  state: 'pending' | 'approved' | 'claimed' | 'void'
  quorum: number
  votes: Set<string>
  decideBy: number
  claimBy: number
}

const MOST_REQUESTS = 3
const index = fc.nat(7)
const commands = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('propose' as const), quorum: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      at: index,
      who: fc.constantFrom(...(['alice', 'bob', 'alice', 'bob', 'agent'] as const)),
      right: fc.integer({ max: 9, min: 0 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), at: index }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('claim' as const), at: index }) },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      at: index,
      lose: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), at: index }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 16_000, 16_000, 11 * MINUTE, 61 * MINUTE),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('takeOver' as const), at: index }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), at: index, twice: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disturb' as const), at: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), at: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['halt', 'resume', 'resume', 'sweep', 'disable', 'enable'] as const)),
    }),
  },
)
type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never

const at = <T>(list: T[], number: number): T | undefined => list[number % Math.max(1, list.length)]
const tried = (promise: Promise<unknown>) =>
  promise.catch((thrown) => {
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
  })

async function perform(world: World, command: Command): Promise<void> {
  const { store, clock, cluster, cast: people } = world
  const request = 'at' in command ? at(world.requests, command.at) : undefined
  switch (command.do) {
    case 'propose': {
      if (world.requests.length === MOST_REQUESTS) return
      const name = `${world.requests.length}-${Math.random()}`
      const operations = [anOperation({ intent: name, target: { ...anOperation().target, name } })]
      const policy = { level: 2, approvers: command.quorum, rules: [], digest: 'x' }
      const { requestId } = await aRequest(store, people.agent, { operations, policy })
      world.requests.push(requestId)
      const decideBy = clock() + 60 * MINUTE
      world.rights.set(requestId, {
        state: 'pending',
        quorum: command.quorum,
        votes: new Set(),
        decideBy,
        claimBy: 0,
      })
      return
    }
    case 'decide':
      if (request) await vote(world, request, command)
      return
    case 'reject':
      if (request) await reject(world, request)
      return
    case 'claim':
      if (request) await claimByRight(world, request)
      return
    case 'takeOver':
      if (request) begin(world, await takeOver(store, request, `w${world.runs.length}`))
      return
    case 'step': {
      const run = at(
        world.runs.filter(({ step }) => step !== 'gone'),
        command.at,
      )
      if (run) await advance(world, run, command.lose === 0)
      return
    }
    case 'crash': {
      const run = at(
        world.runs.filter(({ step }) => step !== 'gone'),
        command.at,
      )
      if (run) run.step = 'gone'
      return
    }
    case 'deliver': {
      const packet = at(world.network, command.at)
      if (!packet) return
      if (!command.twice) world.network.splice(world.network.indexOf(packet), 1)
      cluster.write(packet.object, packet)
      return
    }
    case 'pass':
      clock.pass(command.ms)
      return
    case 'disturb':
      if (request) cluster.disturb((await getRequest(store, request)).plan.operations[0]?.target.name ?? '')
      return
    case 'cancel':
      if (!request) return
      await tried(cancel(store, people.agent, request))
      voidRights(world, ['pending', 'approved'], request)
      return
    case 'halt':
      await engageKillSwitch(store, people.alice, 'model')
      voidRights(world, ['approved'])
      world.halted = true
      return
    case 'resume':
      await tried(releaseKillSwitch(store, people.alice))
      world.halted = false
      return
    case 'sweep':
      await sweep(store)
      return
    case 'disable':
    case 'enable':
      world.bobDisabled = command.do === 'disable'
      await setDisabled(store, 'bob', world.bobDisabled, SYSTEM)
  }
}

async function vote(world: World, requestId: string, { who, right }: Extract<Command, { do: 'decide' }>) {
  const { planDigest, viewDigest } = await getRequest(world.store, requestId)
  const digests = right === 0 ? { planDigest, viewDigest: 'f'.repeat(64) } : { planDigest, viewDigest }
  await tried(decide(world.store, world.cast[who], { requestId, decision: 'approve', ...digests }))
  const rights = world.rights.get(requestId)
  const entitled = who === 'alice' || (who === 'bob' && !world.bobDisabled)
  if (!rights || right === 0 || !entitled || !isOpen(world, rights) || world.halted) return
  rights.votes.add(who)
  if (rights.votes.size < rights.quorum) return
  rights.state = 'approved'
  rights.claimBy = world.clock() + 10 * MINUTE
}

async function reject(world: World, requestId: string): Promise<void> {
  await tried(decide(world.store, world.cast.bob, { requestId, decision: 'reject' }))
  const rights = world.rights.get(requestId)
  if (!rights || world.bobDisabled || !isOpen(world, rights) || rights.votes.has('bob')) return
  rights.state = 'void'
}

const isOpen = (world: World, { state, decideBy }: Rights) => state === 'pending' && world.clock() < decideBy

async function claimByRight(world: World, requestId: string): Promise<void> {
  const rights = world.rights.get(requestId)
  if (!rights) return
  const held = await claim(world.store, requestId, `w${world.runs.length}`)
  const voters = !(world.bobDisabled && rights.votes.has('bob'))
  const entitled = rights.state === 'approved' && world.clock() < rights.claimBy && voters && !world.halted
  expect(held !== undefined, 'claimed exactly when entitled').toBe(entitled)
  if (held) rights.state = 'claimed'
  else if (rights.state === 'approved' && !voters) rights.state = 'void'
  begin(world, held)
}

function voidRights(world: World, states: Rights['state'][], only?: string): void {
  for (const [requestId, rights] of world.rights)
    if ((only ?? requestId) === requestId && states.includes(rights.state)) rights.state = 'void'
}

function begin(world: World, held: Claim | undefined): void {
  if (held) world.runs.push({ held, step: 'begin', found: false })
}

/** One step of an executor as reference section 10 wants it. */
async function advance(world: World, run: Run, lose: boolean): Promise<void> {
  const { store, cluster, network } = world
  const attempts = attemptsOf(store, run.held)
  const operation = run.held.request.plan.operations[0]
  if (!operation) throw new Error('no operation')
  const object = operation.target.name
  switch (run.step) {
    case 'begin': {
      const found = await attempts.load(0)
      run.found = found !== undefined
      const resourceVersion = String(cluster.read(object).resourceVersion)
      const auditId = `${run.held.request.requestId}-${run.held.fence}`
      run.attempt = found ?? {
        index: 0,
        number: 1,
        uid: 'u',
        resourceVersion,
        bodyDigest: 'b',
        auditId,
        startedAt: 1,
      }
      run.step = 'sent-before'
      return
    }
    case 'sent-before':
      run.step = run.attempt && (await attempts.persist(run.attempt)) ? 'ready' : 'gone'
      return
    case 'ready': {
      const packet = {
        object,
        resourceVersion: Number(run.attempt?.resourceVersion),
        marker: operation.marker,
      }
      // Lost: the packet wanders about and may arrive later, and the sender learns nothing.
      if (lose) network.push(packet)
      else run.status = cluster.write(object, packet)
      run.step = 'sent'
      return
    }
    case 'sent': {
      const proved = cluster.read(object).marker === operation.marker
      const state =
        run.status === 200 || proved
          ? 'succeeded'
          : run.status === 409 && !run.found
            ? 'stale'
            : 'indeterminate'
      run.step = (await recordOutcome(store, run.held, 0, { state })) ? 'recorded' : 'gone'
      return
    }
    case 'recorded': {
      const { outcomes } = await getRequest(store, run.held.request.requestId)
      await store.write((tx) => finish(tx, run.held, outcomes))
      run.step = 'gone'
      return
    }
    case 'gone':
  }
}

async function check(world: World): Promise<void> {
  const { store, cluster, requests, finals, rights } = world
  for (const requestId of requests) {
    const { state, plan, decisions } = await getRequest(store, requestId)
    const object = plan.operations[0]?.target.name
    const effects = cluster.effects.filter((effect) => effect.object === object)
    expect(effects.length, 'effects of one request').toBeLessThanOrEqual(1)
    if (effects.length > 0) {
      expect(rights.get(requestId)?.state, 'an effect only of what was claimed by right').toBe('claimed')
      expect(decisions.filter(({ decision }) => decision === 'approve').length).toBeGreaterThanOrEqual(
        plan.policy.approvers,
      )
      expect(['executing', 'succeeded', 'indeterminate']).toContain(state)
    }
    if (state === 'succeeded') expect(effects).toHaveLength(1)
    const before = finals.get(requestId)
    if (before !== undefined) expect(state, 'a final state stays').toBe(before)
    if (isFinal(state)) finals.set(requestId, state)
  }
}

onBothEngines('every sequence of events', (bench) => {
  it(
    'has no effect without an approval, never two, and a record that verifies',
    async ({ annotate }) => {
      const clock = aClock()
      const numRuns = Number(process.env.MODEL_RUNS ?? (bench.engine === 'sqlite' ? 150 : 60))
      const store = await bench.fresh({ clock, pendingPerRequester: 100_000, pendingInAll: 1_000_000 })
      const people = await cast(store)
      const seen = { effects: 0, states: {} as Record<string, number> }
      await fc.assert(
        fc.asyncProperty(fc.array(commands, { minLength: 60, maxLength: 140, size: 'max' }), async (list) => {
          await setDisabled(store, 'bob', false, SYSTEM)
          await tried(releaseKillSwitch(store, people.alice))
          const world: World = {
            store,
            clock,
            cluster: fakeCluster(),
            cast: people,
            requests: [],
            runs: [],
            network: [],
            finals: new Map(),
            rights: new Map(),
            halted: false,
            bobDisabled: false,
          }
          for (const command of list) {
            await perform(world, command)
            if (command.do === 'deliver' || command.do === 'step') await check(world)
          }
          for (const packet of world.network) world.cluster.write(packet.object, packet)
          await check(world)
          seen.effects += world.cluster.effects.length
          for (const id of world.requests) {
            const { state } = await getRequest(store, id)
            seen.states[state] = (seen.states[state] ?? 0) + 1
          }
        }),
        { numRuns, endOnFailure: true },
      )
      expect(await verifyExport(exportRecord(store))).toMatchObject({ ok: true })
      await annotate(JSON.stringify(seen))
      expect(seen.effects).toBeGreaterThan(numRuns / 10)
    },
    Math.max(300_000, 200 * Number(process.env.MODEL_RUNS ?? 0)),
  )
})
