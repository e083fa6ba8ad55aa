import { GatehouseError } from '@gatehouse/errors'
import { measured } from './page-size.ts'

/** The texts of Warning headers: `299 - "spec.x is deprecated"`, once or several times. */
export function warningsOf(header: string | string[] | undefined): string[] {
  const all = [header ?? []].flat().join(', ')
  return [...all.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(
    (match) => match[1]?.replace(/\\(.)/g, '$1') ?? '',
  )
}

/** The JSON object an API server answered; anything else is CLUSTER_UNREACHABLE. */
export function parseAnswer<T>(text: string): T {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new GatehouseError('CLUSTER_UNREACHABLE', 'The cluster answered something that is not JSON', {
      cause,
    })
  }
  if (typeof parsed === 'object' && parsed !== null) return measured(parsed, text) as T
  throw new GatehouseError('CLUSTER_UNREACHABLE', 'The cluster answered something that is no object')
}
