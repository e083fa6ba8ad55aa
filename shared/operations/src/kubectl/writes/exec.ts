import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { kindOf, nameOf } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'

export const execFlags: FlagShapes = { ...NAMESPACE, container: { takes: 'text', short: 'c' } }

const PODS = new Set(['pod', 'pods', 'po'])

/** `exec web -c app -- ls /data`: an argument vector, run without a shell and without a terminal. */
export function exec({ parsed, place }: Command): Meaning {
  const { args, behind } = parsed
  const [object = '', ...more] = args
  if (object === '') throw mistaken('exec needs the name of a pod')
  if (more.length > 0) {
    throw mistaken(
      `${quoted(more[0] ?? '')}: put -- between the pod and the command: exec ${quoted(object)} -- …`,
    )
  }
  if (behind === undefined || behind.length === 0) throw mistaken('exec needs a command behind --')
  const container = parsed.text('container')
  const target = { ...place, kind: 'pod', name: podName(object, 'exec') }
  return write([
    { type: 'exec', target, ...(container && { container: nameOf(container) }), command: behind },
  ])
}

/** `web`, `pod/web`. What has many pods is refused: which of them would be chosen by nobody. */
export function podName(word: string, what: string): string {
  const [kind = '', name, ...more] = word.split('/')
  if (name === undefined) return nameOf(kind)
  if (more.length > 0) throw mistaken(`${quoted(word)} is no pod`)
  if (!PODS.has(kindOf(kind).kind.toLowerCase()))
    throw refused(`${what} needs the name of a pod, not of a ${kind}`)
  return nameOf(name)
}
