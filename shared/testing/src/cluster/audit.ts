import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The fields of an audit event at level Metadata that tests look at. */
export type AuditEntry = {
  auditID: string
  stage: string
  verb: string
  requestURI: string
  user: { username: string; groups?: string[] }
  userAgent?: string
  objectRef?: {
    resource?: string
    namespace?: string
    name?: string
    subresource?: string
    apiGroup?: string
  }
  responseStatus?: { code?: number; reason?: string }
  requestReceivedTimestamp: string
  annotations?: Record<string, string>
}

/** Every request the API server has finished so far, oldest first. */
export async function readAudit(dir: string): Promise<AuditEntry[]> {
  const content = await readFile(join(dir, 'audit-events.jsonl'), 'utf8')
  // The last line may be half written; the next call has it whole.
  const whole = content.slice(0, content.lastIndexOf('\n'))
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AuditEntry)
}
