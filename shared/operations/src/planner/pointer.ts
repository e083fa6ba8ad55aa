/** The keys of a step's JSON pointer. */
export function pointerOf({ path }: { path?: unknown }): string[] {
  const keys = String(path).slice(1).split('/')
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
