import type { Operation } from '../../operation.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { objectsOf, oneObject, targetAt } from '../names.ts'
import { numberOf } from '../numbers.ts'

export const rolloutFlags: FlagShapes = NAMESPACE
export const undoFlags: FlagShapes = { ...NAMESPACE, 'to-revision': { takes: 'text' } }

const MOST_REVISION = 2_147_483_647

/** `rollout restart deployment web` */
export function restart({ parsed, place }: Command): Meaning {
  return write(
    objectsOf(parsed.args, 'rollout restart').map((object) => ({
      type: 'restart',
      target: targetAt(object, place),
    })),
  )
}

/** `rollout undo deployment web --to-revision=3`; without a revision, or with 0, the one before. */
export function undo({ parsed, place }: Command): Meaning {
  const text = parsed.text('to-revision')
  const revision = text === undefined ? 0 : numberOf('--to-revision', text, 0, MOST_REVISION)
  const target = targetAt(oneObject(parsed.args, 'rollout undo'), place)
  return write([{ type: 'rollback', target, ...(revision > 0 && { revision }) }])
}

/** `rollout pause` and `rollout resume`. */
export function setPaused({ parsed, place }: Command, paused: boolean): Meaning {
  const what = paused ? 'rollout pause' : 'rollout resume'
  return write(
    objectsOf(parsed.args, what).map(
      (object): Operation => ({
        type: 'patch',
        target: targetAt(object, place),
        patchType: 'merge',
        // null is what kubectl sends to resume: the field goes away.
        patch: { spec: { paused: paused || null } },
      }),
    ),
  )
}
