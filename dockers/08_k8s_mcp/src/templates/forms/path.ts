const SEGMENT = /^[A-Za-z0-9._~!$&()+,;=@-]+$/
const MOST_CHARACTERS = 512

/** Why this is no absolute path that a mount, a probe and a route all take. */
export function pathProblem(path: string): string | undefined {
  if (path.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`
  if (!path.startsWith('/')) return 'it is no absolute path: it begins with "/"'
  const segments = path.slice(1).replace(/\/$/, '').split('/')
  if (path === '/') return undefined
  if (segments.includes('')) return 'two "/" follow each other'
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'it has "." or ".." as a part'
  if (segments.every((segment) => SEGMENT.test(segment))) return undefined
  return 'it has characters other than letters, digits and ._~!$&()+,;=@-'
}
