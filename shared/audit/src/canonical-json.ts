import { hash } from 'node:crypto'
import { GatehouseError } from '@gatehouse/errors'

const MOST_DEPTH = 100

/**
 * RFC 8785 text of plain data: equal values, equal bytes. Members that are undefined are left out.
 * @throws GatehouseError INVALID_INPUT for what JSON cannot hold without loss (unsafe integers, lone surrogates,
 * functions, holes, more than 100 levels), naming the place
 */
export function canonicalJson(value: unknown): string {
  return write(value, [])
}

/** Hex SHA-256 of a text under a label, so that a digest made for one purpose never stands for another. */
export function digestOf(label: string, text: string): string {
  return hash('sha256', `gatehouse/${label}\n${text}`, 'hex')
}

function write(value: unknown, path: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path)
    case 'number':
      return writeNumber(value, path)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (path.length >= MOST_DEPTH) throw refused(path, `more than ${MOST_DEPTH} levels`)
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path)
    default:
      throw refused(path, `${typeof value} has no JSON form`)
  }
}

function writeString(value: string, path: (string | number)[]): string {
  if (!value.isWellFormed()) throw refused(path, 'text with a lone surrogate')
  return JSON.stringify(value)
}

// An integer that large has lost digits when it was parsed: what is shown would not be what is sent.
function writeNumber(value: number, path: (string | number)[]): string {
  if (!Number.isFinite(value)) throw refused(path, 'not a finite number')
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw refused(path, 'integer beyond 2^53')
  return JSON.stringify(value)
}

function writeArray(value: unknown[], path: (string | number)[]): string {
  const parts: string[] = []
  for (let index = 0; index < value.length; index++) {
    path.push(index)
    parts.push(write(value[index], path))
    path.pop()
  }
  return `[${parts.join(',')}]`
}

function writeObject(value: object, path: (string | number)[]): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw refused(path, 'not plain data')
  const members = value as Record<string, unknown>
  const parts: string[] = []
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member === undefined) continue
    path.push(key)
    parts.push(`${writeString(key, path)}:${write(member, path)}`)
    path.pop()
  }
  return `{${parts.join(',')}}`
}

function refused(path: (string | number)[], reason: string): GatehouseError {
  return new GatehouseError('INVALID_INPUT', `${path.slice(0, 12).join('.') || 'value'}: ${reason}`)
}
