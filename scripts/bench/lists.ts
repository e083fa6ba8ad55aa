import { type Bare, type Steps, tablePath } from './bare.ts'
import { compare, type Plan } from './comparison.ts'
import type { Budget, Row } from './report.ts'
import { callTool, connectHttp, type Session } from './session.ts'
import { toolCall, Wire } from './wire.ts'
import { MEDIUM, SINGLE, SMALL } from './workload.ts'

const LIST_PODS = 'infra.k8s.pods.listPods'
const AT_ONCE = 30

type Input = Record<string, unknown>

/** The two servers under test, and the limit they are compared with. */
export interface Contest {
  bare: Bare
  stdio: Session
  httpPort: number
  quick: boolean
}

interface Question {
  work: string
  steps: Steps
  inputs: Input[]
  budget: Budget
  plan: Plan
}

/** 3 pods, 30 lists at once, 500 pods. */
export async function smallListRows(contest: Contest): Promise<Row[]> {
  const { quick } = contest
  // Different selectors: identical questions would share one API request, which is a row of its own.
  const selectors = Array.from({ length: AT_ONCE }, (_, index) => `bench!=${index}`)
  const different = selectors.map((labelSelector) => ({ namespace: SMALL, labelSelector }))
  const burst = selectors.map((selector) => tablePath(SMALL, 'pods', selector))
  const rows = [
    ...(await askedEachWay(contest, {
      work: 'list 3 pods',
      steps: [[tablePath(SMALL)]],
      inputs: [{ namespace: SMALL }],
      budget: { ratio: 2 },
      plan: { rounds: quick ? 5 : 20, runs: 40 },
    })),
    ...(await askedEachWay(contest, {
      work: '30 different lists at once',
      steps: [burst],
      inputs: different,
      budget: { ratio: 1.5 },
      plan: { rounds: quick ? 4 : 15, runs: 8 },
    })),
    ...(await askedEachWay(contest, {
      work: 'list 500 pods',
      steps: [[tablePath(MEDIUM)]],
      inputs: [{ namespace: MEDIUM }],
      budget: { ratio: 2 },
      plan: { rounds: quick ? 4 : 15, runs: 10 },
    })),
  ]
  const identical = await compare(
    contest.bare,
    [burst],
    () =>
      ask(
        contest.stdio,
        different.map(() => ({ namespace: SMALL })),
      ),
    { rounds: quick ? 3 : 10, runs: 8 },
  )
  const note = 'they share API requests'
  return [...rows, { work: '30 identical lists at once, stdio', unit: 'ms', ...identical, note }]
}

/** 4,900 pods over ten namespaces: the same requests as ours, the namespace list first and then all Tables at once. */
export function largeListRows(contest: Contest, namespaces: string[]): Promise<Row[]> {
  return askedEachWay(contest, {
    work: 'list 4,900 pods in ten namespaces',
    steps: [[tablePath(undefined, 'namespaces')], namespaces.map((name) => tablePath(name))],
    inputs: [{ allNamespaces: true }],
    budget: { ratio: 2 },
    plan: { rounds: contest.quick ? 3 : 10, runs: 3 },
  })
}

/** 4,900 pods in one namespace: one bare request. */
export function singleListRows(contest: Contest): Promise<Row[]> {
  return askedEachWay(contest, {
    work: 'list 4,900 pods in one namespace',
    steps: [[tablePath(SINGLE)]],
    inputs: [{ namespace: SINGLE }],
    budget: { ratio: 2 },
    plan: { rounds: contest.quick ? 3 : 10, runs: 3 },
  })
}

/** Over stdio with the SDK's client and over HTTP with the minimal one count; HTTP with the SDK's is for information. */
async function askedEachWay(contest: Contest, question: Question): Promise<Row[]> {
  const { bare, stdio, httpPort } = contest
  const { work, steps, inputs, budget, plan } = question
  const overStdio = await compare(bare, steps, () => ask(stdio, inputs), plan)
  const wires = await Promise.all(inputs.map(() => Wire.open(httpPort)))
  const requests = inputs.map((input) => toolCall(LIST_PODS, input))
  const overWire = await compare(bare, steps, () => askWires(wires, requests), plan)
  for (const wire of wires) wire.close()
  const client = await connectHttp(httpPort)
  const overClient = await compare(
    bare,
    steps,
    () => Promise.all(inputs.map((input) => callTool(client, LIST_PODS, input))),
    plan,
  )
  await client.close()
  return [
    { work: `${work}, stdio`, unit: 'ms', ...overStdio, budget, note: 'SDK client' },
    { work: `${work}, HTTP`, unit: 'ms', ...overWire, budget, note: 'minimal client' },
    { work: `${work}, HTTP`, unit: 'ms', ...overClient, note: 'SDK client: its own cost included' },
  ]
}

function ask(session: Session, inputs: Input[]): Promise<unknown> {
  return Promise.all(inputs.map((input) => session.call(LIST_PODS, input)))
}

async function askWires(wires: Wire[], requests: string[]): Promise<void> {
  const answers = await Promise.all(wires.map((wire, index) => wire.send(requests[index] ?? '')))
  const wrong = answers.find(
    (answer) => !answer.includes('"structuredContent"') || answer.includes('"isError":true'),
  )
  if (wrong) throw new Error(`unexpected answer: ${wrong.slice(0, 500)}`)
}
