interface Field {
  name: string
  from: number
  to: number
  words?: string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
// Sunday is 0 and only 0 for Kubernetes.
const FIELDS: Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of the week', from: 0, to: 6, words: DAYS },
]
const SHORTHANDS = ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']
const PART = /^(?:[*?]|(\w{1,3})(?:-(\w{1,3}))?)(?:\/(\d{1,3}))?$/
const MOST_CHARACTERS = 200

/** Why this is no schedule as a CronJob reads it. */
export function scheduleProblem(schedule: string): string | undefined {
  if (SHORTHANDS.includes(schedule)) return undefined
  if (schedule.startsWith('@')) return `it is none of ${SHORTHANDS.join(', ')}`
  if (schedule.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`
  const fields = schedule.split(' ')
  if (fields.length !== FIELDS.length) {
    return 'it is not five fields with one space between them: minute, hour, day of the month, month, day of the week'
  }
  const wrong = FIELDS.find((field, index) => !isField(fields[index] ?? '', field))
  return (
    wrong &&
    `its ${wrong.name} is not *, a number from ${wrong.from} to ${wrong.to}, a range, a step or a list of these`
  )
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every((part) => {
    const found = PART.exec(part)
    if (!found || Number(found[3] ?? 1) === 0) return false
    if (found[1] === undefined) return true
    const start = numberOf(found[1], field)
    const end = found[2] === undefined ? start : numberOf(found[2], field)
    return start >= field.from && end <= field.to && start <= end
  })
}

function numberOf(text: string, { from, words = [] }: Field): number {
  const index = words.indexOf(text.toLowerCase())
  if (index >= 0) return index + from
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
