import { isIP } from 'node:net'

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/
const MOST_LABEL = 63
const MOST_HOST = 253

/** Why this is no DNS label (RFC 1123), as names of namespaces and Services are. */
export function nameProblem(name: string, most = MOST_LABEL): string | undefined {
  if (name.length > most) return `it is longer than ${most} characters`
  if (LABEL.test(name)) return undefined
  return 'it is no DNS label: lower-case letters, digits and "-", with a letter or digit at both ends'
}

/** Why this is no DNS name, as an Ingress takes it: labels joined by dots, no IP address. */
export function hostProblem(host: string): string | undefined {
  if (host.length > MOST_HOST) return `it is longer than ${MOST_HOST} characters`
  if (isIP(host) !== 0) return 'it is an IP address, and a DNS name is needed'
  const labels = host.split('.')
  if (labels.every((label) => label.length <= MOST_LABEL && LABEL.test(label))) return undefined
  return 'it is no DNS name: labels of lower-case letters, digits and "-", joined by dots'
}
