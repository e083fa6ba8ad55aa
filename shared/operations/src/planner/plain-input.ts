import { GatehouseError } from '@gatehouse/errors'

const MOST_BYTES = 512 * 1024
const MOST_DEPTH = 60

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * Refuses what is not plain JSON that two readers understand alike: numbers that lose digits, lone surrogates, NUL,
 * `__proto__`, great depth and size. Throws INVALID_INPUT or TOO_LARGE naming the field.
 */
export function assertPlain(value: unknown, field: string): void {
  walk(value, field, 0)
  if (Buffer.byteLength(JSON.stringify(value) ?? '') > MOST_BYTES) {
    throw new GatehouseError('TOO_LARGE', `${field}: more than 512 kB`, { hint: 'Change less at once' })
  }
}

function walk(value: unknown, at: string, depth: number): void {
  const refuse = (reason: string): never => {
    throw new GatehouseError('INVALID_INPUT', `${at.slice(0, 120)}: ${reason}`)
  }
  if (depth > MOST_DEPTH) refuse(`nested deeper than ${MOST_DEPTH} levels`)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse('not a finite number')
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      refuse('a whole number beyond 2^53 loses digits')
    if (Object.is(value, -0)) refuse('-0 is no number Kubernetes keeps')
  }
  if (typeof value === 'string') assertText(value, refuse)
  if (value === undefined || ['function', 'symbol', 'bigint'].includes(typeof value)) refuse('no JSON value')
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    refuse('not plain data')
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') refuse('a field cannot be called __proto__')
    assertText(key, refuse)
    walk((value as Record<string, unknown>)[key], `${at}.${key}`, depth + 1)
  }
}

function assertText(text: string, refuse: (reason: string) => never): void {
  if (!text.isWellFormed()) refuse('text with half a character (lone surrogate)')
  if (text.includes('\0')) refuse('text with a NUL character')
}

// What identifies the object or is the API server's own; the executor adds the first two itself.
const RESERVED = [
  'uid',
  'resourceVersion',
  'generation',
  'generateName',
  'managedFields',
  'creationTimestamp',
  'deletionTimestamp',
  'selfLink',
]

/** Throws INVALID_INPUT where caller's metadata says what only the API server or the plan may say. */
export function assertOwnMetadata(metadata: unknown, at: string): void {
  if (metadata === undefined) return
  if (!isRecord(metadata)) throw new GatehouseError('INVALID_INPUT', `${at}: it must be an object`)
  const reserved = RESERVED.find((field) => metadata[field] !== undefined && metadata[field] !== null)
  if (reserved) {
    throw new GatehouseError('INVALID_INPUT', `${at}.${reserved}: leave it out`, {
      hint: 'The object is named by the target, and the approved version of it is added when the change is sent',
    })
  }
  for (const field of ['annotations', 'labels']) {
    if (metadata[field] !== undefined && !isRecord(metadata[field])) {
      throw new GatehouseError('INVALID_INPUT', `${at}.${field}: it must be an object`)
    }
  }
}
