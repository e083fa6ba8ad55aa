// Parsing a page keeps the event loop as a whole: some ten milliseconds at this size.
const MOST_CHARACTERS = 2_000_000
const MOST_OBJECTS = 50

const sizes = new WeakMap<object, number>()

/** Remembers how long the text of an answer was. */
export function measured<T extends object>(answer: T, text: string): T {
  sizes.set(answer, text.length)
  return answer
}

/** How many objects the page behind this one may have. */
export function nextLimit(page: { rows?: unknown[] | undefined; items?: unknown[] | undefined }): string {
  const objects = (page.rows ?? page.items ?? []).length
  const fitting = Math.floor((objects * MOST_CHARACTERS) / (sizes.get(page) ?? MOST_CHARACTERS))
  return String(Math.min(MOST_OBJECTS, Math.max(1, fitting)))
}
