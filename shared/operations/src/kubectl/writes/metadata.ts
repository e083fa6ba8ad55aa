import type { Operation } from '../../operation.ts'
import type { Check } from '../checks.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { objectsOf, targetAt } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { pairOf, splitArgs } from './set.ts'

export const metadataFlags: FlagShapes = {
  ...NAMESPACE,
  overwrite: { takes: 'switch' },
  list: { takes: 'switch', refuse: 'use "kubectl get … -o yaml"' },
  'resource-version': { takes: 'text', refuse: 'the plan is bound to the object it was made from anyway' },
}

const KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/
const LONGEST_NOTE = 16_384

/** `label` and `annotate`: `key=value` sets, `key-` removes. */
export function setMetadata(command: Command, field: 'labels' | 'annotations'): Meaning {
  const { parsed, place } = command
  const what = field === 'labels' ? 'label' : 'annotate'
  const isPair = (word: string) => word.includes('=') || word.endsWith('-')
  const { objects, rest } = splitArgs(parsed.args, isPair)
  if (rest.length === 0) throw mistaken(`${what} needs key=value or key-`)
  const values: Record<string, string | null> = {}
  for (const word of rest) {
    const [key, value] = word.includes('=') ? pairOf(word, 'key=value') : [word.slice(0, -1), null]
    checkPair(field, key, value)
    if (Object.hasOwn(values, key)) throw refused(`${quoted(key)} is given twice`)
    values[key] = value
  }
  const operations: Operation[] = []
  const checks: Check[] = []
  for (const [operation, object] of objectsOf(objects, what).entries()) {
    const target = targetAt(object, place)
    operations.push({ type: 'patch', target, patchType: 'merge', patch: { metadata: { [field]: values } } })
    if (!parsed.isOn('overwrite')) {
      const set = Object.fromEntries(
        Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null),
      )
      checks.push({ check: 'absent', operation, target, field, values: set })
    }
  }
  return write(operations, checks)
}

function checkPair(field: 'labels' | 'annotations', key: string, value: string | null): void {
  if (!KEY.test(key)) throw mistaken(`${quoted(key)} is no key of ${field}`)
  if (value === null) return
  if (field === 'labels' && !LABEL.test(value)) throw mistaken(`${quoted(value)} is no value of a label`)
  if (value.length > LONGEST_NOTE)
    throw mistaken(`the value of ${quoted(key)} is longer than ${LONGEST_NOTE} characters`)
}
