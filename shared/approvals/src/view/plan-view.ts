import { canonicalJson, digestOf } from '@gatehouse/audit'
import type { Plan, PlannedChange, PlannedOperation, Requester } from '@gatehouse/operations'
import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import { type Show, type Shown, showing } from './shown-text.ts'
import { unseenIn } from './unseen.ts'
import { whyNotWhole } from './whole.ts'

interface ChangeView {
  path: Shown
  before?: Shown
  after?: Shown
  /** A secret in it may differ and is not shown. */
  hidden?: boolean
}

export interface OperationView {
  /** The operation's type: `scale`, `delete`… */
  kind: PlannedOperation['type']
  title: Shown
  target: {
    context: Shown
    clusterId: Shown
    apiVersion: Shown
    kind: Shown
    namespace: Shown
    name: Shown
  }
  /** The same as a kubectl command, for reading. */
  command: Shown
  diff: ChangeView[]
  /** Where what will be sent holds characters that cannot be seen. */
  unseen: Shown[]
  warnings: Shown[]
  impact: Shown[]
  expectation: { text: Shown; timeoutSeconds: number }
  /** The name must be typed by whoever approves. */
  typedName: boolean
  exec?: { container: Shown; command: Shown[]; timeoutSeconds: number }
  switch?: { server: Shown; from: Shown; to: Shown }
}

/** All of a plan that a person sees and decides by; every text sanitised. What is not here is not shown anywhere. */
export interface PlanView {
  title: Shown
  requester: { subject: Shown; kind: Requester['kind']; behind?: Shown }
  /** The requester's words: not checked by anything. */
  claim?: { reason?: Shown; severity?: Shown; service?: Shown; explanations?: Shown[] }
  /** Where, in short: contexts and namespaces of all operations, and who will send the requests. */
  target: { context: Shown; namespace: Shown; identity: Shown }
  tool: Shown
  operations: OperationView[]
  planDigest: Shown
  policy: { level: number; approvers: number; rules: Shown[] }
  /** False where it cannot be shown whole: then nobody can approve it, and `notApprovable` says why. */
  approvable: boolean
  notApprovable?: Shown
}

/** What a person is shown of a plan. The same plan and the same sanitizer key give the same view. */
export function planView(plan: Plan, planDigest: string, sanitizer: Sanitizer): Sanitised<PlanView> {
  const show = showing(sanitizer)
  const operations = plan.operations.map((operation) => operationView(operation, show))
  const first = operations[0]
  const { requester, policy, claim } = plan
  const view = {
    title: titleOf(
      operations.map(({ title }) => title),
      show,
    ),
    requester: {
      subject: show(requester.subject),
      kind: requester.kind,
      ...(requester.behind !== undefined && { behind: show(requester.behind) }),
    },
    ...(claim && { claim: claimView(claim, show) }),
    target: placeOf(plan, show),
    tool: show(plan.tool),
    operations,
    planDigest: show(planDigest),
    policy: { level: policy.level, approvers: policy.approvers, rules: policy.rules.map(show) },
  }
  const why = first === undefined ? show('It holds no operation') : whyNotWhole(view)
  // Once more as a whole, so that the digest is of the very bytes that leave.
  return sanitizer.value({
    ...view,
    approvable: why === undefined,
    ...(why !== undefined && { notApprovable: why }),
  })
}

/** Hex SHA-256 of exactly what is shown; a decision repeats it, so nobody approves something else than was seen. */
export function viewDigestOf(view: Sanitised<PlanView>): string {
  return digestOf('view/1', canonicalJson(view))
}

/** What a plan is called and where it would happen, without looking at what it changes. */
export interface Headline {
  title: Shown
  target: PlanView['target']
  /** Of its operations. */
  titles: Shown[]
}

export function headlineOf(plan: Plan, sanitizer: Sanitizer): Headline {
  const show = showing(sanitizer)
  const titles = plan.operations.map(({ title }) => show(title))
  return { title: titleOf(titles, show), target: placeOf(plan, show), titles }
}

function titleOf(titles: readonly Shown[], show: Show): Shown {
  const [first] = titles
  if (titles.length === 1 && first !== undefined) return first
  return show(`${titles.length} changes, beginning with: ${first ?? ''}`)
}

function placeOf({ operations, identity }: Plan, show: Show): PlanView['target'] {
  const listed = (texts: string[]) => show([...new Set(texts.filter(Boolean))].join(', '))
  return {
    context: listed(operations.map(({ target }) => target.context)),
    namespace: listed(operations.map(({ target }) => target.namespace)),
    identity: show(identity),
  }
}

function operationView(operation: PlannedOperation, show: Show): OperationView {
  const { target, exec, expectation } = operation
  return {
    kind: operation.type,
    title: show(operation.title),
    target: {
      context: show(target.context),
      clusterId: show(target.clusterId),
      apiVersion: show(target.group === '' ? target.version : `${target.group}/${target.version}`),
      kind: show(target.kind),
      namespace: show(target.namespace),
      name: show(target.name),
    },
    command: show(operation.command),
    diff: operation.changes.map((change) => changeView(change, show)),
    unseen: unseenIn(operation.request.body).map(show),
    warnings: operation.warnings.map(show),
    impact: operation.impact.map(show),
    expectation: { text: show(expectation.text), timeoutSeconds: expectation.timeoutSeconds },
    typedName: operation.typedName,
    ...(exec && {
      exec: {
        container: show(exec.container),
        command: exec.command.map(show),
        timeoutSeconds: exec.timeoutSeconds,
      },
    }),
    ...(operation.switch && {
      switch: {
        server: show(operation.switch.server),
        from: show(operation.switch.from),
        to: show(operation.switch.to),
      },
    }),
  }
}

function changeView({ path, before, after, hidden }: PlannedChange, show: Show): ChangeView {
  return {
    path: show(path),
    ...(before !== undefined && { before: show(before) }),
    ...(after !== undefined && { after: show(after) }),
    ...(hidden && { hidden }),
  }
}

function claimView(claim: NonNullable<Plan['claim']>, show: Show): NonNullable<PlanView['claim']> {
  const { reason, severity, service, explanations } = claim
  return {
    ...(reason !== undefined && { reason: show(reason) }),
    ...(severity !== undefined && { severity: show(severity) }),
    ...(service !== undefined && { service: show(service) }),
    ...(explanations && { explanations: explanations.map(show) }),
  }
}
