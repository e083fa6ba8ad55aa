/** A secret in a text: half-open range and class. */
export type Span = { start: number; end: number; kind: string }

/** What a pattern found out about the text at hand and need not find out again. */
export type Memo = {
  noPemEndBefore?: number
  noAtBefore?: number
  restEnd?: number
  dsn?: { from: number; index: number }
  awsSearched?: number
  /** A bit for each number of words behind which lines of a manifest stand. */
  manifestLines?: number
}

/**
 * One pattern. `find` is called where one of the anchors begins, adds what it finds to `out` and returns
 * the place up to which it has looked: anchors before that are not offered to it again, which is what
 * keeps every pattern linear.
 */
export type Pattern = {
  readonly id: string
  readonly anchors: readonly string[]
  /** Whether the anchors are case-sensitive. */
  readonly exact?: boolean
  find(text: string, index: number, out: Span[], memo: Memo): number
}

/** Sorts and unites overlapping spans. The longer of two overlapping ones names the class. */
export function unite(spans: Span[]): Span[] {
  if (spans.length < 2) return spans
  spans.sort((a, b) => a.start - b.start || b.end - a.end)
  const united: Span[] = []
  for (const span of spans) {
    const last = united.at(-1)
    if (!last || span.start >= last.end) united.push({ ...span })
    else {
      if (span.end - span.start > last.end - last.start) last.kind = span.kind
      last.end = Math.max(last.end, span.end)
    }
  }
  return united
}
