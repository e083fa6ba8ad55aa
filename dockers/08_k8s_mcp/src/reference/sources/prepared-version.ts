/** The newest first. Anything that is not `1.36.3` sorts last. */
export function newestFirst(versions: Iterable<string>): string[] {
  const numbers = (version: string): number[] => version.split('.').map(Number)
  return [...versions].sort((a, b) => {
    const [left, right] = [numbers(a), numbers(b)]
    for (const [index, number] of left.entries()) {
      const difference = (right[index] ?? 0) - number
      if (difference) return difference
    }
    return 0
  })
}

const ASKED = /^v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)$/

/** The newest of the versions that `1.36`, `v1.36` or `1.36.3` means. */
export function newestThatFits(asked: string, versions: Iterable<string>): string | undefined {
  const [, wanted] = ASKED.exec(asked) ?? []
  if (!wanted) return undefined
  return newestFirst(versions).find((version) => version === wanted || version.startsWith(`${wanted}.`))
}
