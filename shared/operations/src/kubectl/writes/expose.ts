import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { nameOf, oneObject, targetAt } from '../names.ts'
import { numberOf } from '../numbers.ts'
import { mistaken, quoted, refused } from '../refusal.ts'

export const exposeFlags: FlagShapes = {
  ...NAMESPACE,
  port: { takes: 'text' },
  'target-port': { takes: 'text' },
  name: { takes: 'text' },
  protocol: { takes: 'text' },
  type: { takes: 'text' },
}

const PORT_NAME = /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/

/** `expose deployment web --port=80 --target-port=8080`. What it selects is read from the object afterwards. */
export function expose({ parsed, place }: Command): Meaning {
  const exposed = oneObject(parsed.args, 'expose')
  const name = nameOf(parsed.text('name') ?? exposed.name)
  const text = parsed.text('port')
  if (text === undefined) throw refused('expose needs --port')
  const port = numberOf('--port', text, 1, 65_535)
  const protocol = parsed.text('protocol') ?? 'TCP'
  if (!['TCP', 'UDP', 'SCTP'].includes(protocol))
    throw mistaken(`--protocol is TCP, UDP or SCTP, not ${quoted(protocol)}`)
  const type = parsed.text('type')
  if (type !== undefined && !['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type)) {
    throw refused(`--type is ClusterIP, NodePort or LoadBalancer, not ${quoted(type)}`)
  }
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      // No selector could look like this: whoever forgets prepareWrites is refused by the server's dry run.
      selector: { 'selected-by': `<${exposed.kind.kind}/${exposed.name}>` },
      ports: [{ port, protocol, targetPort: targetPort(parsed.text('target-port'), port) }],
      ...(type && { type }),
    },
  }
  const target = { ...place, apiVersion: 'v1', kind: 'Service', name }
  return write(
    [{ type: 'create', target, object }],
    [{ check: 'selector', operation: 0, target: targetAt(exposed, place) }],
  )
}

function targetPort(text: string | undefined, port: number): number | string {
  if (text === undefined) return port
  if (/^[0-9]+$/.test(text)) return numberOf('--target-port', text, 1, 65_535)
  if (PORT_NAME.test(text)) return text
  throw mistaken(`--target-port is a number or the name of a port, not ${quoted(text)}`)
}
