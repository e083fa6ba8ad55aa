import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'
import { mistaken } from './refusal.ts'

const LONGEST = 32_768
const DEEPEST = 60

/** JSON in which every key stands once and every number keeps its value; errors say `what` and never quote it. */
export function parseStrictJson(text: string, what: string): unknown {
  if (text.length > LONGEST) throw mistaken(`${what} is longer than ${LONGEST} characters`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw mistaken(`${what} is no JSON`, 'Put it in single quotes: -p \'{"spec":{"paused":true}}\'')
  }
  try {
    // JSON.parse keeps the last of two equal keys, and a reader may see the first.
    load(text, { schema: CORE_SCHEMA, maxDepth: DEEPEST, maxAliases: 0 })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    throw mistaken(
      `${what}: ${/duplicat/i.test(cause.reason) ? 'a key stands twice' : 'it is nested too deeply or no plain JSON'}`,
    )
  }
  check(value, what)
  return value
}

function check(value: unknown, what: string): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw mistaken(`${what}: a number beyond 2^53 would change its value`)
    }
    if (Object.is(value, -0)) throw mistaken(`${what}: -0 is written as 0`)
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, one] of Object.entries(value)) {
    if (key === '__proto__') throw mistaken(`${what}: __proto__ is no field`)
    check(one, what)
  }
}
