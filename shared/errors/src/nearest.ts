/**
 * The known names closest to what was asked, best first, so that an error can offer them.
 * Names further away than about half of the word are left out.
 */
export function nearest(asked: string, known: Iterable<string>, most = 3): string[] {
  const wanted = asked.toLowerCase().slice(0, 64)
  const limit = Math.max(2, Math.floor(wanted.length / 2))
  const scored: { name: string; distance: number }[] = []
  for (const name of known) {
    const candidate = name.toLowerCase().slice(0, 64)
    const distance = candidate.includes(wanted) && wanted.length > 2 ? 1 : editDistance(wanted, candidate)
    if (distance <= limit) scored.push({ name, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return scored.slice(0, most).map((entry) => entry.name)
}

/** "did you mean a, b?" or nothing, to be put behind a message. */
export function didYouMean(names: string[]): string {
  return names.length === 0 ? '' : `; did you mean ${names.join(', ')}?`
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
