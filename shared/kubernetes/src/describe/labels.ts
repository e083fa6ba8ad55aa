import type { LabelSelector } from './shapes.ts'

export type Labels = Readonly<Record<string, string>>

/** Whether a label selector finds these labels. An absent selector finds nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false
  if (!hasAll(selector.matchLabels ?? {}, labels)) return false
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels?.[key]
    if (operator === 'In') return value !== undefined && values.includes(value)
    if (operator === 'NotIn') return value === undefined || !values.includes(value)
    return operator === 'Exists' ? value !== undefined : value === undefined
  })
}

/** A Service's selector: all pairs; without any it selects nothing. */
export function serviceSelects(pairs: Labels | undefined, labels: Labels | undefined): boolean {
  return pairs !== undefined && Object.keys(pairs).length > 0 && hasAll(pairs, labels)
}

function hasAll(pairs: Labels, labels: Labels | undefined): boolean {
  return Object.entries(pairs).every(([key, value]) => labels?.[key] === value)
}

/** A selector as the API takes it in `labelSelector`. */
export function selectorQuery(selector: LabelSelector | undefined): string {
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
  })
  return [...pairs, ...expressions].join(',')
}
