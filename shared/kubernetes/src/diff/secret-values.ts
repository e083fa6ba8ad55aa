import { MARKS } from './blind.ts'
import { type Leaf, mapLeaves } from './leaves.ts'

// A mark, for only marks pass the sanitizer under any name.
const NOT_COMPARED = '[redacted:given-not-compared]'
const WHOLE = '\0'
const REPEATED = /((?:Invalid|Duplicate|Unsupported) value: )(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s:]+)/g

/** A value as it is and as it may be shown. */
export interface Sides {
  raw: unknown
  shown: unknown
}

/**
 * Keeps a dry run from telling whether a secret value of a manifest is the one in the cluster. A difference would show
 * as a conflict, as a refusal or as a change, so the value that is there already is sent instead of the one given.
 */
export class SecretValues {
  /** The manifest's object to send. */
  readonly sent: unknown
  readonly #there = new Map<string, Leaf>()
  readonly #alike = new Map<string, Leaf>()
  readonly #given = new Map<string, 'whole' | 'part'>()

  constructor(given: Sides, live: Sides | undefined) {
    mapLeaves(live?.raw, live?.shown, (leaf) => this.#remember(leaf))
    this.sent = mapLeaves(given.raw, given.shown, (leaf) => this.#instead(leaf))
  }

  /** A sanitised object that says of each secret value the manifest gives only that it was given. */
  shown(object: unknown): unknown {
    return mapLeaves(object, object, ({ path, shown }) => {
      const given = this.#given.get(path)
      if (given === 'whole') return NOT_COMPARED
      const text = typeof shown === 'string' && given ? shown : undefined
      return text === undefined ? shown : text.replace(MARKS, NOT_COMPARED)
    })
  }

  /**
   * A text of the API server without the values it repeats, if one of them may be secret. All of them: to take out only
   * what is secret would answer a guess that the caller made it repeat.
   */
  scrubbed(text: string): string {
    const secrets = this.#alike.size > 0 || this.#given.size > 0
    return secrets ? withoutRepeated(text) : text
  }

  #remember(leaf: Leaf): void {
    this.#there.set(leaf.path, leaf)
    if (isSecret(leaf)) this.#alike.set(`${leaf.pattern} ${shapeOf(leaf)}`, leaf)
  }

  #instead(given: Leaf): unknown {
    const live = this.#matching(given)
    if (live || isSecret(given)) {
      this.#given.set(given.path, isWhole(live ?? given) ? 'whole' : 'part')
    }
    return live ? live.raw : given.raw
  }

  // Lists that the API server matches in a way of its own may pair a value with any of the same kind.
  #matching(given: Leaf): Leaf | undefined {
    const there = this.#there.get(given.path)
    if (there) return isSecret(there) && mayBe(there, given) ? there : undefined
    if (!isSecret(given)) return undefined
    return (
      this.#alike.get(`${given.pattern} ${shapeOf(given)}`) ?? this.#alike.get(`${given.pattern} ${WHOLE}`)
    )
  }
}

/** A text of the API server without any value that it repeats. */
export function withoutRepeated(text: string): string {
  return text.replace(REPEATED, '$1…')
}

/** Whether showing a value took something secret out of it. */
export function isSecret({ raw, shown }: Pick<Leaf, 'raw' | 'shown'>): boolean {
  if (raw === shown) return false
  // What is left of normalised text and of certificates holds no secret.
  return typeof shown !== 'string' || shown.search(MARKS) >= 0 || /^\[(?:removed|withheld): /.test(shown)
}

/** Whether nothing but the secret is in it. */
export function isWhole({ shown }: Pick<Leaf, 'shown'>): boolean {
  return typeof shown !== 'string' || shown.search(MARKS) < 0 || shown.replace(MARKS, '') === ''
}

/** Whether a text is a secret one but for its secrets; one that differs elsewhere tells nothing by differing. */
function mayBe(secret: Leaf, given: Leaf): boolean {
  const shape = shapeOf(secret)
  if (shape === WHOLE || shape === shapeOf(given)) return true
  return typeof given.raw === 'string' && holdsInOrder(given.raw, shape.split('\0'))
}

// What is around the secrets of a text.
function shapeOf(leaf: Leaf): string {
  return isWhole(leaf) ? WHOLE : String(leaf.shown).replace(MARKS, '\0')
}

function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces
  const last = rest.pop() ?? ''
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
