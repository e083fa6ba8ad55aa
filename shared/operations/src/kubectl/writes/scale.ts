import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { objectsOf, targetAt } from '../names.ts'
import { numberOf } from '../numbers.ts'
import { mistaken } from '../refusal.ts'

const BOUND = 'the plan is bound to the object it was made from; the page shows the present number'

export const scaleFlags: FlagShapes = {
  ...NAMESPACE,
  replicas: { takes: 'text' },
  'current-replicas': { takes: 'text', refuse: BOUND },
  'resource-version': { takes: 'text', refuse: BOUND },
}

/** `scale deployment web --replicas=3` */
export function scale({ parsed, place }: Command): Meaning {
  const text = parsed.text('replicas')
  if (text === undefined) throw mistaken('scale needs --replicas')
  const replicas = numberOf('--replicas', text, 0, 100_000)
  return write(
    objectsOf(parsed.args, 'scale').map((object) => ({
      type: 'scale',
      target: targetAt(object, place),
      replicas,
    })),
  )
}
