import type { Operation } from '../../operation.ts'
import type { Check } from '../checks.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { objectsOf, targetAt } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { nest, podSpecPath } from './workload.ts'

const CONTAINER = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,499}$/
const VARIABLE = /^[A-Za-z_.-][A-Za-z0-9_.-]{0,252}$/
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e[0-9]+)?$/

export const imageFlags: FlagShapes = NAMESPACE
export const envFlags: FlagShapes = {
  ...NAMESPACE,
  containers: { takes: 'text', short: 'c' },
  list: { takes: 'switch', refuse: 'use "kubectl get … -o yaml"' },
  from: { takes: 'text', refuse: 'references are written with "kubectl patch", where they can be seen' },
}
export const resourceFlags: FlagShapes = {
  ...NAMESPACE,
  containers: { takes: 'text', short: 'c' },
  limits: { takes: 'text' },
  requests: { takes: 'text' },
}

interface ContainerPatch {
  name: string
  [field: string]: unknown
}

/** `set image deployment/web web=nginx:1.27` */
export function setImage(command: Command): Meaning {
  const { objects, rest } = splitArgs(command.parsed.args, (word) => word.includes('='))
  if (rest.length === 0) throw mistaken('set image needs container=image')
  const images = pairsOf(rest, 'container=image')
  const containers = images.map(([name, image]): ContainerPatch => {
    if (name === '*') throw refused('"*=image": name each container')
    if (!IMAGE.test(image)) throw mistaken(`${quoted(image)} is no image`)
    return { name: containerName(name), image }
  })
  return containerPatches(command, objects, 'set image', containers)
}

/** `set env deployment/web -c web LEVEL=debug OLD-` */
export function setEnv(command: Command): Meaning {
  const isPair = (word: string) => word.includes('=') || (word.endsWith('-') && !word.includes('/'))
  const { objects, rest } = splitArgs(command.parsed.args, isPair)
  if (rest.length === 0) throw mistaken('set env needs NAME=value or NAME-')
  const seen = new Set<string>()
  const env = rest.map((word) => {
    const removed = !word.includes('=')
    const [name, value] = removed ? [word.slice(0, -1), ''] : pairOf(word, 'NAME=value')
    if (!VARIABLE.test(name)) throw mistaken(`${quoted(name)} is no name of a variable`)
    if (seen.has(name)) throw refused(`${quoted(name)} is given twice`)
    seen.add(name)
    return removed ? { name, $patch: 'delete' } : { name, value }
  })
  return containerPatches(command, objects, 'set env', [{ name: namedContainer(command), env }])
}

/** `set resources deployment/web -c web --limits=cpu=1,memory=1Gi` */
export function setResources(command: Command): Meaning {
  const { parsed } = command
  const limits = parsed.text('limits')
  const requests = parsed.text('requests')
  if (limits === undefined && requests === undefined)
    throw mistaken('set resources needs --limits or --requests')
  const resources = {
    ...(limits !== undefined && { limits: quantities(limits) }),
    ...(requests !== undefined && { requests: quantities(requests) }),
  }
  return containerPatches(command, parsed.args, 'set resources', [
    { name: namedContainer(command), resources },
  ])
}

function containerPatches(
  { place }: Command,
  args: readonly string[],
  what: string,
  containers: ContainerPatch[],
): Meaning {
  const operations: Operation[] = []
  const checks: Check[] = []
  const names = containers.map(({ name }) => name)
  if (new Set(names).size < names.length) throw refused('a container is named twice')
  for (const [operation, object] of objectsOf(args, what).entries()) {
    const target = targetAt(object, place)
    const patch = nest([...podSpecPath(object.kind, what), 'containers'], containers)
    operations.push({ type: 'patch', target, patchType: 'strategic', patch })
    checks.push({ check: 'containers', operation, target, names })
  }
  return write(operations, checks)
}

function namedContainer({ parsed }: Command): string {
  const name = parsed.text('containers')
  if (name === undefined || name === '*') {
    throw refused('it would change every container; name one with -c')
  }
  return containerName(name)
}

function containerName(name: string): string {
  if (!CONTAINER.test(name)) throw mistaken(`${quoted(name)} cannot be the name of a container`)
  return name
}

function quantities(text: string): Record<string, string> {
  return Object.fromEntries(
    pairsOf(text.split(','), 'resource=quantity').map(([name, quantity]) => {
      if (!/^[a-z][a-z0-9./-]{0,100}$/.test(name)) throw mistaken(`${quoted(name)} is no resource`)
      if (!QUANTITY.test(quantity)) throw mistaken(`${quoted(quantity)} is no quantity`)
      return [name, quantity]
    }),
  )
}

/** Words before the first pair are objects; none may follow it. */
export function splitArgs(args: readonly string[], isPair: (word: string) => boolean) {
  const first = args.findIndex(isPair)
  const at = first === -1 ? args.length : first
  const rest = args.slice(at)
  const stray = rest.find((word) => !isPair(word))
  if (stray !== undefined) throw mistaken(`${quoted(stray)}: objects stand before what changes in them`)
  return { objects: args.slice(0, at), rest }
}

function pairsOf(words: readonly string[], form: string): [string, string][] {
  const pairs = words.map((word) => pairOf(word, form))
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw refused(`${quoted(twice)} is given twice`)
  return pairs
}

/** `name=value`, split at the first `=`. */
export function pairOf(word: string, form: string): [string, string] {
  const equals = word.indexOf('=')
  if (equals < 1) throw mistaken(`${quoted(word)}: write ${form}`)
  return [word.slice(0, equals), word.slice(equals + 1)]
}
