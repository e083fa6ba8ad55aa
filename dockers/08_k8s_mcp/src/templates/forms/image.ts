const PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/
const MOST_NAME = 255

/** Why this is no reference of an image, which the API server does not check but every node does. */
export function imageProblem(image: string): string | undefined {
  if (image.length > MOST_NAME * 2) return 'it is too long for a reference of an image'
  const [before = '', digest, ...more] = image.split('@')
  if (more.length > 0) return 'it has more than one "@"'
  if (digest !== undefined && !DIGEST.test(digest)) return 'what follows "@" is no digest such as sha256:…'
  const colon = before.indexOf(':', before.lastIndexOf('/') + 1)
  const name = colon < 0 ? before : before.slice(0, colon)
  if (colon >= 0 && !TAG.test(before.slice(colon + 1))) return 'what follows ":" is no tag'
  if (name.length > MOST_NAME) return `its name is longer than ${MOST_NAME} characters`
  const parts = name.split('/')
  const [first = ''] = parts
  const withHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost')
  if (withHost && !HOST.test(first)) return 'it begins with what is no name of a registry'
  if (parts.slice(withHost ? 1 : 0).every((part) => PART.test(part))) return undefined
  return 'it is no reference of an image, such as nginx:1.29'
}
