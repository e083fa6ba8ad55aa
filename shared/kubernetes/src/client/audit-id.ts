import { createHash } from 'node:crypto'
import { type Correlation, currentCorrelation } from '@gatehouse/telemetry'

// UUID namespace of Gatehouse audit ids (RFC 9562 section 5.5 wants a fixed one).
const NAMESPACE = Buffer.from('6f0b6bd1f0a54c0c9d3f6a7be1c2d3e4', 'hex')
const VERSION = '0.1.0'
const counters = new WeakMap<Correlation, number>()

/**
 * Headers that let the cluster's own audit log be searched by our correlation id: the id in the User-Agent, and
 * `Audit-ID` = UUIDv5 of id, span and request number, which the API server takes over. The span is in it because one id
 * goes through several processes, and each of them counts from one.
 */
export function auditHeaders(): Record<string, string> {
  const correlation = currentCorrelation()
  if (!correlation) return { 'user-agent': `gatehouse/${VERSION}` }
  const number = (counters.get(correlation) ?? 0) + 1
  counters.set(correlation, number)
  return {
    'user-agent': `gatehouse/${VERSION} (cid=${correlation.correlationId})`,
    'audit-id': auditId(`${correlation.correlationId}#${correlation.spanId}`, number),
  }
}

/** The Audit-ID of the n-th request (from 1) of whatever `key` names. */
export function auditId(key: string, number: number): string {
  const hash = createHash('sha1').update(NAMESPACE).update(`${key}#${number}`).digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex').slice(0, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
