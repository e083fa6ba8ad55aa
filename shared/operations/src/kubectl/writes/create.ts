import type { OperationTarget } from '../../operation.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { nameOf, type Place } from '../names.ts'
import { numberOf } from '../numbers.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { pairOf } from './set.ts'

export const deploymentFlags: FlagShapes = {
  ...NAMESPACE,
  image: { takes: 'list' },
  replicas: { takes: 'text', short: 'r' },
  port: { takes: 'text' },
}
export const configMapFlags: FlagShapes = {
  ...NAMESPACE,
  'from-literal': { takes: 'list' },
  'append-hash': { takes: 'switch', refuse: 'names are not generated' },
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,499}$/
const KEY = /^[-._a-zA-Z0-9]{1,253}$/

/** `create deployment web --image=nginx --replicas=2 --port=80`, as kubectl writes the object. */
export function createDeployment({ parsed, place }: Command): Meaning {
  const name = onlyName(parsed.args, 'create deployment')
  if (!LABEL.test(name)) throw mistaken(`${quoted(name)} cannot be the name of a Deployment made here`)
  const images = parsed.list('image').flatMap((image) => image.split(','))
  if (images.length === 0) throw mistaken('create deployment needs --image')
  const replicas = numberOf('--replicas', parsed.text('replicas') ?? '1', 0, 100_000)
  const port = parsed.text('port')
  const command = parsed.behind
  if (command && images.length > 1) throw refused('a command is for one --image only')
  if (command?.length === 0) throw mistaken('the command behind -- is missing')
  const containers = images.map((image, index) => ({
    name: containerName(image),
    image,
    ...(command && { command }),
    ...(index === 0 &&
      port !== undefined && { ports: [{ containerPort: numberOf('--port', port, 1, 65_535) }] }),
  }))
  const names = containers.map((one) => one.name)
  if (new Set(names).size < names.length)
    throw refused('two images give containers of the same name; use "apply -f -"')
  const labels = { app: name }
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  }
  return created(place, 'apps/v1', 'Deployment', name, object)
}

/** `create configmap settings --from-literal=level=debug` */
export function createConfigMap({ parsed, place }: Command): Meaning {
  const name = onlyName(parsed.args, 'create configmap')
  const data: Record<string, string> = {}
  for (const literal of parsed.list('from-literal')) {
    const [key, value] = pairOf(literal, 'key=value')
    if (!KEY.test(key)) throw mistaken(`${quoted(key)} is no key of a ConfigMap`)
    if (Object.hasOwn(data, key)) throw refused(`${quoted(key)} is given twice`)
    data[key] = value
  }
  if (Object.keys(data).length === 0) throw mistaken('create configmap needs --from-literal=key=value')
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }
  return created(place, 'v1', 'ConfigMap', name, object)
}

function created(
  place: Place,
  apiVersion: string,
  kind: string,
  name: string,
  object: Record<string, unknown>,
): Meaning {
  const target: OperationTarget = { ...place, apiVersion, kind, name }
  return write([{ type: 'create', target, object }])
}

function onlyName(args: readonly string[], what: string): string {
  const [name, ...more] = args
  if (name === undefined) throw mistaken(`${what} needs a name`)
  if (more.length > 0) throw mistaken(`${quoted(more[0] ?? '')}: ${what} makes one object`)
  return nameOf(name)
}

// kubectl calls a container after its image, without registry, tag and digest.
function containerName(image: string): string {
  if (!IMAGE.test(image)) throw mistaken(`${quoted(image)} is no image`)
  const name = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '')
  if (!LABEL.test(name)) throw refused(`${quoted(name)} cannot be the name of a container; use "apply -f -"`)
  return name
}
