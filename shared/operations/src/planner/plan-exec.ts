import { randomBytes } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'
import type { Pod } from '@gatehouse/kubernetes/planning'
import { objectFacts } from '@gatehouse/policy/gate'
import { refusedAccess } from '../executor/access-review.ts'
import type { PlannedFacts } from '../facts.ts'
import { renderKubectl } from '../kubectl/render.ts'
import type { PlannedOperation } from '../plan.ts'
import { type Container, containersOf, runningContainer } from './containers.ts'
import { nameOf, type OperationOf } from './draft.ts'
import { intentOf } from './intent.ts'
import type { Place } from './place.ts'

const MOST_WORDS = 100
const MOST_CHARACTERS = 16 * 1024
const MOST_SECONDS = 300

/** Plans a command in a container that runs now. There is no rehearsal: it is bound to that very container. */
export async function planExec(
  operation: OperationOf<'exec'>,
  place: Place,
  live: Pod,
): Promise<PlannedOperation> {
  assertWords(operation.command)
  const { timeoutSeconds = 30 } = operation
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > MOST_SECONDS) {
    throw new GatehouseError('INVALID_INPUT', `timeoutSeconds: a whole number from 1 to ${MOST_SECONDS}`)
  }
  const container = containerFor(operation, live)
  const refused = await refusedExec(place)
  if (refused) throw new GatehouseError('FORBIDDEN', refused)
  const sanitizer = place.cluster.sanitizer.blind()
  const words = operation.command.map((word) => ({ word, shown: sanitizer.text(word) as string }))
  return {
    type: 'exec',
    target: place.target,
    intent: intentOf(operation, place.target),
    marker: randomBytes(16).toString('hex'),
    salt: randomBytes(16).toString('hex'),
    ...(live.metadata.uid && { uid: live.metadata.uid }),
    ...(live.metadata.resourceVersion && { resourceVersion: live.metadata.resourceVersion }),
    binding: 'semantic',
    request: { method: 'POST', path: `${place.path}/exec`, query: {}, contentType: '', body: null },
    exec: {
      container: container.name,
      containerId: container.id,
      command: operation.command,
      timeoutSeconds,
    },
    changes: words.map(({ word, shown }, index) => ({
      path: `command[${index}]`,
      after: shown,
      ...(shown !== word && { hidden: true }),
    })),
    warnings: ['A command cannot be rehearsed: what it does is not known before'],
    impact: [`Runs in container ${container.name} with the rights of that container`],
    command: renderKubectl({
      type: 'exec',
      target: { kind: 'Pod', name: place.name, namespace: place.target.namespace },
      container: container.name,
      command: words.map(({ shown }) => shown),
    }),
    title: `Run a command in container ${container.name} of ${nameOf(place)}`,
    expectation: { check: 'none', text: 'the command ends with exit code 0', timeoutSeconds },
    typedName: false,
    undo: { refused: 'What a command did cannot be taken back from here' },
    facts: factsFor(operation.command, place, live),
  }
}

/** Why this identity may not run commands there; both verbs, for which one is asked differs between versions. */
async function refusedExec({ cluster, target, signal }: Place): Promise<string | undefined> {
  const of = (verb: string) => refusedAccess(cluster, { target, verb, subresource: 'exec' }, signal)
  return (await of('create')) ?? (await of('get'))
}

function assertWords(command: readonly string[]): void {
  const refuse = (reason: string): never => {
    throw new GatehouseError('INVALID_INPUT', `command: ${reason}`)
  }
  if (!Array.isArray(command) || command.length === 0) refuse('a list of words, the program first')
  if (command.length > MOST_WORDS) refuse(`more than ${MOST_WORDS} words`)
  if (command.join('').length > MOST_CHARACTERS) refuse('more than 16 kB')
  for (const word of command) {
    if (typeof word !== 'string' || !word.isWellFormed() || word.includes('\0'))
      refuse('every word is plain text')
  }
  if (command[0]?.trim() === '') refuse('the program has no name')
}

function containerFor({ container }: OperationOf<'exec'>, pod: Pod): Container {
  const { uid, deletionTimestamp } = pod.metadata
  if (!uid || deletionTimestamp) throw new GatehouseError('INVALID_INPUT', 'The pod is being deleted')
  const names = containersOf(pod)
  const preferred = container ?? pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (preferred === undefined && names.length > 1) {
    throw new GatehouseError('INVALID_INPUT', `container: name one of ${names.join(', ')}`)
  }
  const name = preferred ?? names[0] ?? ''
  if (!names.includes(name)) {
    throw new GatehouseError(
      'NOT_FOUND',
      `The pod has no container "${name.slice(0, 63)}"; there are: ${names.join(', ')}`,
    )
  }
  const running = runningContainer(pod, name)
  if (!running) throw new GatehouseError('CONFLICT', `Container ${name} is not running`)
  return running
}

function factsFor(command: readonly string[], place: Place, live: Pod): PlannedFacts {
  return {
    ...objectFacts({ type: 'exec', group: '', kind: 'Pod', before: live, after: undefined }),
    type: 'exec',
    context: place.target.context,
    group: '',
    kind: 'Pod',
    resource: 'pods',
    namespaced: true,
    namespace: place.target.namespace,
    name: place.name,
    force: false,
    gracePeriodSeconds: null,
    command: [...command],
    existing: { secrets: [], serviceAccounts: [] },
    dependents: 0,
    selectedBy: [],
  }
}
