import { GatehouseError } from '@gatehouse/errors'

const DURATION = /^(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/
const WEIGHTS = [604_800, 86_400, 3_600, 60, 1]
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** `15m`, `1h30m`, `2d` or an RFC 3339 time as the query parameter that means the same to the API server. */
export function parseSince(since: string | undefined): { sinceSeconds?: string; sinceTime?: string } {
  if (since === undefined) return {}
  const text = since.trim()
  if (RFC3339.test(text) && !Number.isNaN(Date.parse(text))) return { sinceTime: text }
  const parts = DURATION.exec(text)
  const seconds = WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(parts?.[index + 1] ?? 0), 0)
  // The API server refuses 0.
  if (parts && seconds > 0) return { sinceSeconds: String(seconds) }
  throw new GatehouseError('INVALID_INPUT', 'since: this is neither a duration nor a time', {
    hint: 'Write 90s, 15m, 1h30m or 2d, or a time such as 2026-11-21T07:00:00Z',
  })
}
