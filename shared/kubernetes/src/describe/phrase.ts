import { cutText } from '../cut-text.ts'

/** Text written by workloads: one line, bounded. */
export function oneLine(text: string | undefined, most = 300): string {
  const line = (text ?? '').replace(/\s+/g, ' ').trim()
  return cutText(line, most)
}

/** `a, b and 4 more` */
export function names(all: readonly string[], most = 3): string {
  const shown = all.slice(0, most).join(', ')
  return all.length > most ? `${shown} and ${all.length - most} more` : shown
}

/** `1 pod`, `3 pods` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** `app=web, tier=front` */
export function labelText(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

/** A time as its distance from now, the way kubectl prints ages: `45s`, `12m`, `5h`, `3d`. */
export function age(time: string | null | undefined, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time ?? '')) / 1000))
  if (Number.isNaN(seconds)) return 'unknown'
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

/** What stays equal in texts that differ only in generated names and numbers, so that they can be counted as one. */
export function shapeOf(text: string): string {
  return text
    .slice(0, 600)
    .replace(/"[^"]*"/g, '""')
    .replace(UUID, '0')
    .replace(/[a-z0-9.-]+-[a-z0-9]{4,10}(?![a-z0-9-])/g, '-')
    .replace(/\d+[a-zA-Z]{0,2}\b/g, '0')
    .replace(/0 (restart|time|pod)s\b/g, '0 $1')
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
