import { ownWords } from '@gatehouse/sanitizer'
import type { OperationView, PlanView } from './plan-view.ts'
import type { Shown } from './shown-text.ts'

/** What a page shows of one request. The planner refuses larger changes of one object; a plan may hold several. */
export const LIMITS = { operations: 20, changes: 1_000, characters: 500_000, claim: 20_000 }

// The marks of the sanitizer and of the differ for what they left out.
const CUT = /\[withheld: |\[cut: \d+ more characters\]$|… \(\d+ characters\)$/

// Hidden code cannot be judged: words of a program, and texts of which the rest is shown.
const PROGRAM = /(^|\.)(command|args)(\[|$)/
const MARK = /\[redacted:/
const ONLY_MARK = /^\[redacted:[^\]]*\]( \(\d+ bytes\))?$/

/** Why this cannot be shown whole, and so not be approved; undefined where it can. */
export function whyNotWhole(view: Pick<PlanView, 'operations' | 'claim'>): Shown | undefined {
  const { operations, claim } = view
  if (operations.length > LIMITS.operations)
    return ownWords`It holds ${operations.length} operations; at most ${LIMITS.operations} can be shown at once. Ask for fewer.`
  const changes = operations.reduce((sum, { diff }) => sum + diff.length, 0)
  if (changes > LIMITS.changes)
    return ownWords`It changes ${changes} fields; at most ${LIMITS.changes} can be shown at once. Ask for less.`
  const texts = operations.flatMap(textsOf)
  const cut = texts.find((text) => CUT.test(text))
  if (cut !== undefined) return ownWords`A value is too long to be shown whole. Change it in smaller steps.`
  const hiding = operations.find(hidesPartOfAText)
  if (hiding)
    return ownWords`Something in it looks like a secret and is hidden, so what surrounds it cannot be judged. Put the secret into a Secret and refer to it.`
  const size = texts.reduce((sum, text) => sum + text.length, 0)
  if (size > LIMITS.characters)
    return ownWords`What changes has ${size} characters; at most ${LIMITS.characters} can be shown. Ask for less.`
  const said = [claim?.reason ?? '', ...(claim?.explanations ?? [])].join('').length
  if (said > LIMITS.claim)
    return ownWords`The reason given has ${said} characters; at most ${LIMITS.claim} are shown.`
  return undefined
}

function hidesPartOfAText({ diff, exec }: OperationView): boolean {
  if (exec?.command.some((word) => MARK.test(word))) return true
  return diff.some(({ path, after, hidden }) => {
    const marked = after !== undefined && MARK.test(after)
    return ((hidden ?? marked) && PROGRAM.test(path)) || (marked && !ONLY_MARK.test(after))
  })
}

function textsOf(operation: OperationView): Shown[] {
  const { title, command, diff, warnings, impact, exec } = operation
  const values = diff.flatMap(({ path, before, after }) => [path, before, after])
  const all = [title, command, ...values, ...warnings, ...impact, ...(exec?.command ?? [])]
  return all.filter((text) => text !== undefined)
}
