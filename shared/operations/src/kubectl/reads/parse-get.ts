import type { Command, Meaning } from '../command.ts'
import { ANYWHERE, type FlagShapes, NAMESPACE } from '../flags.ts'
import { kindOf, objectsOf } from '../names.ts'
import type { ReadOutput } from '../read.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { selectorOf } from './selector.ts'

const PARAMETERS = 'ask infra.k8s.resources.listResources, which has columns, where and sort'

export const getFlags: FlagShapes = {
  ...ANYWHERE,
  selector: { takes: 'text', short: 'l' },
  'field-selector': { takes: 'text' },
  output: { takes: 'text', short: 'o' },
  'show-labels': { takes: 'switch' },
  'sort-by': { takes: 'text', refuse: PARAMETERS },
  'label-columns': { takes: 'text', short: 'L', refuse: PARAMETERS },
  'no-headers': { takes: 'switch' },
  'ignore-not-found': { takes: 'switch', refuse: 'what is not there is said' },
}
export const describeFlags: FlagShapes = {
  ...NAMESPACE,
  selector: { takes: 'text', short: 'l', refuse: 'describe explains objects by name; list them first' },
}

const OUTPUTS: readonly string[] = ['wide', 'yaml', 'json', 'name']

/** `get pods`, `get pod web -o yaml`, `get deploy/web svc/web` of one kind. */
export function parseGet({ parsed, place }: Command): Meaning {
  const { args } = parsed
  const output = outputOf(parsed.text('output'))
  const [first, ...names] = args
  if (first === undefined) throw mistaken('get needs a kind', 'kubectl api-resources lists them')
  if (first.includes('/') || names.length > 0) {
    const selected = ['selector', 'field-selector', 'all-namespaces'].find((flag) => parsed.has(flag))
    if (selected) throw mistaken(`--${selected} is for lists, and objects are named here`)
    return { read: { ...place, ...oneKind(args, 'get'), verb: 'get', output } }
  }
  const everywhere = parsed.isOn('all-namespaces')
  const labelSelector = selectorOf('-l', parsed.text('selector'))
  const fieldSelector = selectorOf('--field-selector', parsed.text('field-selector'))
  return {
    read: {
      ...place,
      ...kindOf(first),
      verb: 'list',
      output,
      ...(everywhere && { allNamespaces: true }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(parsed.isOn('show-labels') && { showLabels: true }),
    },
  }
}

/** `describe pod web` */
export function parseDescribe({ parsed, place }: Command): Meaning {
  return { read: { ...place, ...oneKind(parsed.args, 'describe'), verb: 'describe' } }
}

function oneKind(args: readonly string[], what: string) {
  const objects = objectsOf(args, what)
  const [first] = objects
  if (!first) throw mistaken(`${what} needs a kind and a name`)
  const other = objects.find(
    ({ kind }) => kind.kind !== first.kind.kind || kind.apiVersion !== first.kind.apiVersion,
  )
  if (other) throw refused(`${what} takes objects of one kind at a time`)
  return { ...first.kind, names: objects.map(({ name }) => name) }
}

function outputOf(text: string | undefined): ReadOutput {
  if (text === undefined || text === '') return 'table'
  if (OUTPUTS.includes(text)) return text as ReadOutput
  if (/^(jsonpath|go-template|template|custom-columns)/.test(text)) {
    throw refused(
      `-o ${quoted(text)}: templates are not run`,
      `Use -o yaml, where secrets are masked, or ${PARAMETERS}`,
    )
  }
  throw mistaken(`-o is wide, yaml, json or name, not ${quoted(text)}`)
}
