import { ownWords, type Sanitised } from '@gatehouse/sanitizer'
import { attributes, type Html, html } from '../html/html.ts'

/** A moment relative to `now` (both milliseconds since 1970), the exact one on hover; the page keeps it current. */
export function moment(at: number, now: number): Html {
  const date = new Date(at)
  const exact = stamp(date)
  return html`<time${attributes({ datetime: stamp(date, true), title: exact, 'data-relative': true })}>${relative(at - now)}</time>`
}

/** "in 42 min", "3 h ago". */
function relative(ms: number): Sanitised<string> {
  const seconds = Math.round(ms / 1000)
  const size = Math.abs(seconds)
  if (size < 5) return ownWords`just now`
  const [count, unit] = sized(size)
  return seconds < 0 ? ownWords`${count} ${unit} ago` : ownWords`in ${count} ${unit}`
}

function sized(seconds: number): [number, Sanitised<string>] {
  if (seconds < 60) return [seconds, ownWords`s`]
  if (seconds < 3600) return [Math.floor(seconds / 60), ownWords`min`]
  if (seconds < 172_800) return [Math.floor(seconds / 3600), ownWords`h`]
  return [Math.floor(seconds / 86_400), ownWords`days`]
}

function stamp(date: Date, machine = false): Sanitised<string> {
  const [y, mo, d] = [date.getUTCFullYear(), padded(date.getUTCMonth() + 1), padded(date.getUTCDate())]
  const [h, mi, s] = [padded(date.getUTCHours()), padded(date.getUTCMinutes()), padded(date.getUTCSeconds())]
  return machine ? ownWords`${y}-${mo}-${d}T${h}:${mi}:${s}Z` : ownWords`${y}-${mo}-${d} ${h}:${mi}:${s} UTC`
}

function padded(count: number): Sanitised<string> {
  return count < 10 ? ownWords`0${count}` : ownWords`${count}`
}
