import { type Carrier, carriers } from './carriers.ts'
import { textClasses } from './classes/index.ts'
import { objectClasses } from './classes/objects.ts'
import { cutAtEnd, cutAtFront } from './cuts.ts'
import { type Disguise, disguises } from './disguises.ts'
import type { Planted, TextClass } from './planted.ts'
import { Random } from './random.ts'

/** One generated case, or several that share their secrets: what goes in, and what may not come out. */
export type Sample = {
  inputs: readonly ({ text: string } | { object: unknown })[]
  secrets: readonly string[]
}

/** A class in a carrier behind a disguise. The same seed and round make the same sample. */
export type Triple = {
  className: string
  carrier: string
  disguise: string
  claimed: boolean
  sample(seed: number, round: number): Sample | undefined
}

type Place = {
  name: string
  json: boolean
  isObject: boolean
  put(planted: Planted, random: Random): unknown
}

const places: readonly Place[] = carriers.flatMap(placesOf)

function placesOf({ name, json = false, text, object }: Carrier): Place[] {
  const places: Place[] = [{ name, json, isObject: false, put: text }]
  if (object) places.push({ name: `${name} (object)`, json: false, isObject: true, put: object })
  return places
}

/** Every triple: the claimed ones, and those that are only measured. */
export function allTriples(): Triple[] {
  const triples: Triple[] = []
  for (const textClass of textClasses) {
    for (const place of places) triples.push(...disguised(textClass, place), ...cut(textClass, place))
  }
  for (const { name, claimed, carriers } of objectClasses) {
    for (const [carrier, make] of Object.entries(carriers)) {
      triples.push(
        triple(name, carrier, 'none', claimed, (random) => {
          const { object, secrets } = make(random)
          return { inputs: [{ object }], secrets }
        }),
      )
    }
  }
  return triples
}

function disguised(textClass: TextClass, place: Place): Triple[] {
  // What is not claimed even in plain sight need not be hidden as well.
  const applied = textClass.claimed ? disguises : disguises.slice(0, 1)
  return applied.map((disguise) =>
    triple(textClass.name, place.name, disguise.name, isClaimed(textClass, place, disguise), (random) => {
      const planted = disguise.apply(textClass.plant(random), random)
      return planted && { inputs: [input(place, planted, random)], secrets: planted.secrets }
    }),
  )
}

function isClaimed(textClass: TextClass, { json }: Place, disguise: Disguise): boolean {
  const { claimed, except, also } = textClass
  if (!claimed || except?.[disguise.name] || (json && disguise.escapes)) return false
  return disguise.claimed || also?.includes(disguise.name) === true
}

function cut(textClass: TextClass, place: Place): Triple[] {
  if (!textClass.claimed) return []
  const { name, except } = textClass
  const atEnd = triple(name, place.name, 'cut at the end', !except?.['cut at the end'], (random) => {
    const planted = textClass.plant(random)
    const texts = place.isObject
      ? cutAtEnd(planted.text, planted.secrets).map((text) => place.put({ ...planted, text }, random))
      : cutAtEnd(String(place.put(planted, random)), planted.secrets)
    return { inputs: texts.map(asInput), secrets: planted.secrets }
  })
  const isKey = name.startsWith('private key')
  if (place.isObject && !isKey) return [atEnd]
  const atFront = triple(name, place.name, 'cut at the front', isKey, (random) => {
    const planted = textClass.plant(random)
    const texts = place.isObject
      ? cutAtFront(planted.text, planted.secrets).map((text) => place.put({ ...planted, text }, random))
      : cutAtFront(String(place.put(planted, random)), planted.secrets)
    return { inputs: texts.map(asInput), secrets: planted.secrets }
  })
  return [atEnd, atFront]
}

function triple(
  className: string,
  carrier: string,
  disguise: string,
  claimed: boolean,
  make: (random: Random) => Sample | undefined,
): Triple {
  const label = `${className}|${carrier}|${disguise}`
  const sample = (seed: number, round: number) => make(new Random(seed, `${round}|${label}`))
  return { className, carrier, disguise, claimed, sample }
}

function input(place: Place, planted: Planted, random: Random): { text: string } | { object: unknown } {
  return asInput(place.put(planted, random))
}

function asInput(put: unknown): { text: string } | { object: unknown } {
  return typeof put === 'string' ? { text: put } : { object: put }
}
