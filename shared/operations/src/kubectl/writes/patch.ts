import type { PatchType } from '../../operation.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { parseStrictJson } from '../json.ts'
import { oneObject, targetAt } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'

export const patchFlags: FlagShapes = {
  ...NAMESPACE,
  patch: { takes: 'text', short: 'p' },
  type: { takes: 'text' },
}

const TYPES: readonly string[] = ['merge', 'json', 'strategic']
const STEPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
// What makes another object of it, or a new one.
const IDENTITY = /^\/(kind|apiVersion|metadata(\/(name|namespace|generateName|uid)(\/.*)?)?)?$/

/** `patch deployment web -p '{…}' --type=merge` */
export function patch({ parsed, place }: Command): Meaning {
  const text = parsed.text('patch')
  if (text === undefined) throw mistaken("patch needs -p '<JSON>'")
  const type = parsed.text('type') ?? 'strategic'
  if (!isPatchType(type)) throw mistaken(`--type is merge, json or strategic, not ${quoted(type)}`)
  const value = parseStrictJson(text, 'the patch')
  if (type === 'json') checkSteps(value)
  else checkMerge(value)
  const target = targetAt(oneObject(parsed.args, 'patch'), place)
  return write([{ type: 'patch', target, patchType: type, patch: value }])
}

function isPatchType(type: string): type is PatchType {
  return TYPES.includes(type)
}

function checkSteps(value: unknown): void {
  if (!Array.isArray(value) || value.length === 0) throw mistaken('a JSON patch is a list of steps')
  for (const [index, step] of value.entries()) {
    const where = `step ${index + 1} of the patch`
    if (step === null || typeof step !== 'object' || !STEPS.has(step.op)) {
      throw mistaken(`${where} needs op: ${[...STEPS].join(', ')}`)
    }
    for (const path of [step.path, ...(step.op === 'move' || step.op === 'copy' ? [step.from] : [])]) {
      if (typeof path !== 'string' || !path.startsWith('/'))
        throw mistaken(`${where} needs a path that begins with /`)
    }
    if (step.op !== 'test' && IDENTITY.test(step.path))
      throw refused(`${where} would make another object of it`)
  }
}

function checkMerge(value: unknown): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw mistaken('a patch is a JSON object')
  if (Object.keys(value).length === 0) throw mistaken('the patch changes nothing')
  const { metadata } = value as { metadata?: unknown }
  const keys = metadata !== null && typeof metadata === 'object' ? Object.keys(metadata) : []
  const renamed = keys.find((key) => ['name', 'namespace', 'generateName', 'uid'].includes(key))
  if (renamed) throw refused(`metadata.${renamed} in the patch would make another object of it`)
}
