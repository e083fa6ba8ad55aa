import type { Random } from './random.ts'

/** A piece of text with secrets in it. Of each secret no eight characters may survive. */
export type Planted = {
  text: string
  secrets: readonly string[]
  /** The text is lines of its own and cannot stand in the middle of one. */
  lines?: boolean
}

/** An object with secrets in it, or the text that a program prints of one. */
export type PlantedObject = { object: unknown; secrets: readonly string[] }

/** What we claim to find in any text, or know that we do not. */
export type TextClass = {
  name: string
  claimed: boolean
  plant(random: Random): Planted
  /** Not claimed for this class, though other classes claim it; the reason is for docs/sanitizer.md. */
  except?: Readonly<Record<string, string>>
  /** Claimed for this class, though other classes do not claim it. */
  also?: readonly string[]
}

/** What stands in fields of objects and is found by kind and name; each carrier is an object of its own. */
export type ObjectClass = {
  name: string
  claimed: boolean
  carriers: Readonly<Record<string, (random: Random) => PlantedObject>>
}
