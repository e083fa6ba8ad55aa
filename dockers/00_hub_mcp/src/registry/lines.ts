import { EVENT_ID, getScalarValue, parseEvents } from 'js-yaml'

/** The line (from 1) on which the value at `path` stands, or the nearest value around it. */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const wanted = path.map(String)
  let best = { depth: -1, line: 1 }
  for (const { at, start } of positions(text)) {
    if (at.length <= best.depth || at.some((part, index) => part !== wanted[index])) continue
    best = { depth: at.length, line: text.slice(0, start).split('\n').length }
  }
  return best.line
}

interface Level {
  mapping: boolean
  key: string | undefined
  index: number
}

/** Where each value begins, with its path. YAML's own events, because the values have forgotten it. */
function positions(text: string): { at: string[]; start: number }[] {
  const found: { at: string[]; start: number }[] = []
  const levels: Level[] = []
  const pathNow = () => levels.map(({ mapping, key, index }) => (mapping ? (key ?? '') : String(index)))
  // A key takes no place of its own: the position of the value is that of its key, which is what a person looks for.
  const begin = (start: number): void => {
    const top = levels.at(-1)
    if (top && !top.mapping) top.index++
    found.push({ at: pathNow(), start })
  }
  const end = (): void => {
    const top = levels.at(-1)
    if (top?.mapping) top.key = undefined
  }
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      begin(event.start)
      levels.push({ mapping: event.type === EVENT_ID.MAPPING, key: undefined, index: -1 })
    } else if (event.type === EVENT_ID.POP) {
      levels.pop()
      end()
    } else if (event.type === EVENT_ID.SCALAR) {
      const top = levels.at(-1)
      if (top?.mapping && top.key === undefined) {
        top.key = getScalarValue(text, event)
        found.push({ at: pathNow(), start: event.valueStart })
      } else {
        begin(event.valueStart)
        end()
      }
    }
  }
  return found
}
