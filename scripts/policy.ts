import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { GatehouseError } from '../shared/errors/src/index.ts'
import { Clusters } from '../shared/kubernetes/src/index.ts'
import {
  factsOf,
  type Operation,
  parseKubectl,
  planOperations,
  prepareWrites,
  renderKubectl,
} from '../shared/operations/src/index.ts'
import {
  type ChangeFacts,
  decide,
  judge,
  loadPolicy,
  type Policy,
  type SwitchFacts,
} from '../shared/policy/src/gate/index.ts'
import { createSanitizer } from '../shared/sanitizer/src/index.ts'
import { createMetrics } from '../shared/telemetry/src/index.ts'
import { offlineFacts } from './policy/offline-facts.ts'

const HELP = `npm run policy -- explain '<kubectl command or JSON of an operation>' [--policy FILE] [--namespace NAME]
npm run policy -- check FILE

explain  what the gate would decide about a change, and why. With KUBECONFIG set the change is planned on that
         cluster (a dry run, nothing is changed); without it only the text is judged.
check    whether a policy file can be used; names the place where it cannot.

  --policy FILE      the policy; omitted: POLICY_FILE, else the defaults
  --namespace NAME   where the command names none
  --stdin FILE       manifest of "apply -f -"
  --requester KIND   agent (default), human or service
  --help             this text

Exit status: 0 it needs approval, or the file is good; 3 it is denied; 1 it cannot be judged.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    policy: { type: 'string' },
    namespace: { type: 'string' },
    stdin: { type: 'string' },
    requester: { type: 'string', default: 'agent' },
    help: { type: 'boolean' },
  },
})

const [verb, argument] = positionals
try {
  if (values.help || verb === undefined) process.stdout.write(HELP)
  else if (verb === 'check' && argument !== undefined) await check(argument)
  else if (verb === 'explain' && argument !== undefined) await explain(argument)
  else throw new Error(`Not understood. ${HELP}`)
} catch (error) {
  const hint = error instanceof GatehouseError ? `\n${error.hint}` : ''
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`)
  process.exitCode = 1
}

async function check(file: string): Promise<void> {
  const { settings, digest } = await loadPolicy(file)
  const { rules, require } = settings
  process.stdout.write(`${file} is good: ${rules.length} rules, ${require.length} requirements\n${digest}\n`)
}

async function explain(text: string): Promise<void> {
  const file = values.policy ?? process.env.POLICY_FILE
  const policy = await loadPolicy(file)
  process.stdout.write(`policy    ${file ?? 'defaults'} (${policy.digest.slice(0, 19)})\n`)
  const stdin = values.stdin === undefined ? undefined : await readFile(values.stdin, 'utf8')
  const meaning = text.trimStart().startsWith('{')
    ? { write: [JSON.parse(text) as Operation], checks: [] }
    : parseKubectl(text, { defaultNamespace: values.namespace ?? 'default', stdin })
  if ('read' in meaning) {
    process.stdout.write('decision  a read; it needs no approval\n')
    return
  }
  const judged = process.env.KUBECONFIG ? await planned(meaning) : offline(meaning.write)
  let denied = false
  for (const { title, facts } of judged) denied = report(title, facts, policy) || denied
  if (denied) process.exitCode = 3
}

interface Judged {
  title: string
  facts: ChangeFacts | SwitchFacts
}

function requester() {
  const kind = values.requester
  if (kind !== 'agent' && kind !== 'human' && kind !== 'service')
    throw new Error('--requester is agent, human or service')
  return { subject: 'explain', kind, changesLastHour: 0 } as const
}

function offline(operations: readonly Operation[]): Judged[] {
  process.stdout.write('cluster   none: what only a cluster knows is taken as not known\n')
  return operations.map((operation) => ({
    title: renderKubectl(operation),
    facts: offlineFacts(operation, requester(), operations.length),
  }))
}

async function planned(meaning: Parameters<typeof prepareWrites>[0]): Promise<Judged[]> {
  const sanitizer = createSanitizer({ key: randomUUID() })
  const clusters = new Clusters({ kubeconfig: process.env.KUBECONFIG, sanitizer, metrics: createMetrics() })
  try {
    process.stdout.write(`cluster   ${clusters.cluster().context}: planned there, nothing is changed\n`)
    const plan = await planOperations(
      await prepareWrites(meaning, clusters),
      { clusters },
      { clusterScoped: () => true },
    )
    return plan.map((one) => ({ title: one.title, facts: factsOf(one, requester(), plan.length) }))
  } finally {
    await clusters.close()
  }
}

// Whether it is denied.
function report(title: string, facts: ChangeFacts | SwitchFacts, policy: Policy): boolean {
  const decision = decide(facts, policy)
  const lines = judge(facts, policy).map((finding) => {
    const what = 'deny' in finding ? `denied   ${finding.deny}` : `level ${finding.level}  ${finding.because}`
    return `  ${finding.layer.padEnd(8)}${what}`
  })
  const people =
    'denied' in decision ? '' : decision.approvers === 1 ? 'one person' : `${decision.approvers} people`
  const verdict = 'denied' in decision ? 'denied' : `level ${decision.level}, ${people} must approve`
  process.stdout.write([`\nchange    ${title}`, `decision  ${verdict}`, ...lines, ''].join('\n'))
  return 'denied' in decision
}
