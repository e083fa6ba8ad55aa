import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { KubeObject } from '../client/cluster.ts'
import { blinded } from './blind.ts'
import { comparable } from './comparable.ts'
import { type FieldChange, fieldDiff } from './field-diff.ts'
import { countValues, type Leaf, mapLeaves } from './leaves.ts'
import { MOST_VALUES } from './manifest.ts'
import { withoutMoved } from './moved-values.ts'
import { positionless } from './positionless.ts'
import { isSecret, isWhole, type Sides } from './secret-values.ts'
import { Stand } from './stand.ts'
import type { Traced } from './trace-steps.ts'

/** One changed field, whole: nothing of it is cut. */
export interface WholeChange {
  path: string
  before?: string
  after?: string
  /** There is a secret in it that may differ and is not shown. */
  hidden?: boolean
}

const MOST_CHANGES = 1_000
const MOST_CHARACTERS = 256 * 1024

/**
 * Everything that differs between two objects of the API server, for a person who decides by it. Of secrets it tells
 * that they change, never the value, nor that of one that was masked and now stands elsewhere; of those in `given`, what the caller supplied, not even whether they change.
 * @param traced where the steps of a JSON patch put things
 * @throws GatehouseError TOO_LARGE where it could not be shown completely
 */
export async function wholeDiff(
  sanitizer: Sanitizer,
  before: KubeObject | undefined,
  after: KubeObject,
  given: unknown,
  traced?: Traced,
): Promise<WholeChange[]> {
  const was = await sidesOf(sanitizer, before && comparable(before))
  const is = withoutMoved(sanitizer, was.raw, await sidesOf(sanitizer, comparable(after)), given, traced)
  const supplied = placesIn(given)
  const stand = new Stand()
  const [wasSecret, isSecretNow] = [secretsOf(was), secretsOf(is)]
  // A path that holds a secret on either side is told from the other by a stand-in, unless both are surely the same.
  const hide = (leaf: Leaf) => {
    const secret = wasSecret.get(leaf.path) ?? isSecretNow.get(leaf.path)
    if (!secret) return stand.tokenOf(leaf.raw === leaf.shown ? leaf.shown : visible(leaf))
    const [a, b] = [wasSecret.get(leaf.path), isSecretNow.get(leaf.path)]
    const same = a !== undefined && b !== undefined && a.raw === b.raw && !supplied(leaf)
    if (same) return stand.tokenOf(a.shown)
    return stand.secret(isWhole(leaf) || !isSecret(leaf) ? undefined : String(leaf.shown))
  }
  const left = mapLeaves(was.raw, was.shown, hide)
  const right = mapLeaves(is.raw, is.shown, hide)
  const changes = fieldDiff(left, right).map((change) => wholeOf(change, stand))
  const size = changes.reduce((sum, { before: b = '', after: a = '' }) => sum + b.length + a.length, 0)
  if (changes.length > MOST_CHANGES || size > MOST_CHARACTERS) {
    throw new GatehouseError(
      'TOO_LARGE',
      `${changes.length} changed fields are too many to show completely`,
      {
        hint: 'What cannot be shown cannot be approved: change less at once',
      },
    )
  }
  return sanitizer.blind().value(changes)
}

async function sidesOf(sanitizer: Sanitizer, raw: unknown): Promise<Sides> {
  if (raw === undefined) return { raw: {}, shown: {} }
  const values = countValues(raw)
  if (values > MOST_VALUES) {
    throw new GatehouseError('TOO_LARGE', `The object holds ${values} values, at most ${MOST_VALUES}`, {
      hint: 'What cannot be shown cannot be approved: change smaller objects',
    })
  }
  return { raw, shown: await blinded(sanitizer, raw) }
}

// What the sanitizer only tidied away is a difference all the same, and a person shall see it.
function visible({ raw, shown }: Leaf): unknown {
  if (typeof raw !== 'string') return shown
  return raw.replace(/[^\P{C}\n\t]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

// Which leaves the caller supplied. JSON patches count list positions, so there any entry may be the one.
function placesIn(given: unknown): (leaf: Leaf) => boolean {
  const places = new Set<string>()
  mapLeaves(given, given, ({ path, pattern }) => {
    places.add(path)
    if (positionless(pattern) !== pattern) places.add(positionless(pattern))
    return null
  })
  return ({ path, pattern }) => places.has(path) || places.has(pattern)
}

function secretsOf({ raw, shown }: Sides): Map<string, Leaf> {
  const secrets = new Map<string, Leaf>()
  mapLeaves(raw, shown, (leaf) => {
    if (isSecret(leaf)) secrets.set(leaf.path, leaf)
    return null
  })
  return secrets
}

function wholeOf({ path, old, new: now }: FieldChange, stand: Stand): WholeChange {
  const before = old === undefined ? undefined : stand.back(old)
  const after = now === undefined ? undefined : stand.back(now)
  return {
    path: stand.back(path).text,
    ...(before && before.text !== '' && { before: before.text }),
    ...(after && after.text !== '' && { after: after.text }),
    ...((before?.secret || after?.secret) && { hidden: true }),
  }
}
