import type { Operation } from '../../operation.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { objectsOf, oneObject, targetAt } from '../names.ts'
import { numberOf } from '../numbers.ts'
import { mistaken, quoted, refused } from '../refusal.ts'

export const deleteFlags: FlagShapes = {
  ...NAMESPACE,
  'grace-period': { takes: 'text' },
  now: { takes: 'switch' },
  cascade: { takes: 'optional', bare: 'background' },
  // Whether a deletion has come to its end is the verification's part, asked for or not.
  wait: { takes: 'switch' },
  'ignore-not-found': { takes: 'switch', refuse: 'what is not there is said before anybody approves' },
}
export const evictFlags: FlagShapes = { ...NAMESPACE, 'grace-period': { takes: 'text' } }

const PROPAGATION = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const
const LONGEST_GRACE = 86_400

/** `delete pod web`; several names become several operations. */
export function remove({ parsed, place }: Command): Meaning {
  const grace = graceOf(parsed.text('grace-period'))
  const now = parsed.isOn('now')
  if (now && grace !== undefined) throw refused('--now and --grace-period say different things')
  const cascade = parsed.text('cascade')
  if (cascade !== undefined && !Object.hasOwn(PROPAGATION, cascade)) {
    throw mistaken(`--cascade is background, foreground or orphan, not ${quoted(cascade)}`)
  }
  const gracePeriodSeconds = now ? 1 : grace
  const propagation = cascade && PROPAGATION[cascade as keyof typeof PROPAGATION]
  return write(
    objectsOf(parsed.args, 'delete').map(
      (object): Operation => ({
        type: 'delete',
        target: targetAt(object, place),
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
        ...(propagation && { propagation }),
      }),
    ),
  )
}

/** `evict pod web`: not among kubectl's own verbs, but an operation must be writable. */
export function evict({ parsed, place }: Command): Meaning {
  const object = oneObject(parsed.args, 'evict')
  const gracePeriodSeconds = graceOf(parsed.text('grace-period'))
  const target = targetAt(object, place)
  return write([{ type: 'evict', target, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) }])
}

function graceOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '-1') return undefined
  if (text === '0') throw refused('--grace-period=0 kills without notice; give at least 1, or leave it out')
  return numberOf('--grace-period', text, 1, LONGEST_GRACE)
}
