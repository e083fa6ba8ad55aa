import { nearest } from '@gatehouse/errors'
import type { Labels } from './labels.ts'
import { count, names } from './phrase.ts'

export interface Labelled {
  name: string
  labels: Labels
}

export interface NearMatch {
  pods: string[]
  /** One clause per label that keeps them from matching. */
  differs: string[]
  distance: number
}

/** The pods a selector nearly finds, and by which label it misses them; closest first, equal differences as one. */
export function nearMatches(selector: Labels, pods: readonly Labelled[], most = 3): NearMatch[] {
  const groups = new Map<string, NearMatch>()
  for (const pod of pods) {
    const found = differences(selector, pod.labels)
    if (!found || found.differs.length === 0) continue
    const key = found.differs.join('; ')
    const group = groups.get(key)
    if (group) group.pods.push(pod.name)
    else groups.set(key, { ...found, pods: [pod.name] })
  }
  return [...groups.values()]
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        b.pods.length - a.pods.length ||
        (String(a.differs) < String(b.differs) ? -1 : 1),
    )
    .slice(0, most)
}

/** `3 pods (a, b, c) nearly match: label app is "web-app", the selector wants "web"` */
export function nearMatchText({ pods, differs }: NearMatch): string {
  const verb = pods.length === 1 ? 'matches' : 'match'
  return `${count(pods.length, 'pod')} (${names([...pods].sort())}) nearly ${verb}: ${differs.join('; ')}`
}

// Near means: another pair fits, or the wanted value is close, or it stands under another key.
function differences(selector: Labels, labels: Labels): { differs: string[]; distance: number } | undefined {
  const differs: string[] = []
  let distance = 0
  let related = false
  for (const [key, wanted] of Object.entries(selector)) {
    const has = labels[key]
    if (has === wanted) {
      related = true
      continue
    }
    const elsewhere = Object.keys(labels).find(
      (other) => labels[other] === wanted && selector[other] === undefined,
    )
    const close = has !== undefined && isClose(wanted, has)
    if (close || elsewhere !== undefined) related = true
    distance += close || elsewhere !== undefined ? 1 : 2
    const shown = has === undefined ? `has no label ${key}` : `label ${key} is "${has}"`
    const instead = elsewhere === undefined ? '' : `, though ${elsewhere} is "${wanted}"`
    differs.push(`${shown}, the selector wants "${wanted}"${instead}`)
  }
  return related ? { differs, distance } : undefined
}

// Short words are all within two edits of each other; a typing mistake rarely hits the first letter.
function isClose(wanted: string, has: string): boolean {
  return nearest(wanted, [has]).length > 0 && (has[0] === wanted[0] || has.includes(wanted))
}
