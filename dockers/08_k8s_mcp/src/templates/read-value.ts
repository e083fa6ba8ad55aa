import { didYouMean, nearest } from '@gatehouse/errors'
import { imageProblem } from './forms/image.ts'
import { hostProblem, nameProblem } from './forms/names.ts'
import { pathProblem } from './forms/path.ts'
import { quantityProblem } from './forms/quantity.ts'
import { scheduleProblem } from './forms/schedule.ts'
import { textProblem } from './forms/text.ts'
import type { Parameter, Value } from './template.ts'

/** A value of the parameter's type, or why there is none. */
export type Read = { value: Value } | { problem: string }

const MOST_PORT = 65_535
const MOST_INT32 = 2_147_483_647

/** Reads what came as text from a query or typed from JSON. The reason never repeats the value. */
export function readValue(parameter: Parameter, given: unknown): Read {
  if (Array.isArray(given)) return { problem: 'it is given more than once; one value is taken' }
  const { type, maximum } = parameter
  switch (type) {
    case 'integer':
      return whole(given, parameter.minimum ?? 0, maximum ?? MOST_INT32)
    case 'port':
      return whole(given, parameter.minimum ?? 1, maximum ?? MOST_PORT)
    case 'boolean':
      return flag(given)
    case 'choice':
      return choice(given, parameter.choices ?? [])
    case 'quantity':
      return text(typeof given === 'number' ? String(given) : given, quantityProblem)
    case 'name':
      return text(given, (value) => nameProblem(value, maximum))
    case 'host':
      return text(given, hostProblem)
    case 'image':
      return text(given, imageProblem)
    case 'schedule':
      return text(given, scheduleProblem)
    case 'path':
      return text(given, pathProblem)
    case 'text':
      return text(lineBreaks(given), (value) => textProblem(value, maximum))
  }
}

function text(given: unknown, problemOf: (value: string) => string | undefined): Read {
  if (typeof given !== 'string') return { problem: 'it is no text' }
  const problem = problemOf(given)
  return problem === undefined ? { value: given } : { problem }
}

// The text area of a form sends every line break as CRLF.
function lineBreaks(given: unknown): unknown {
  return typeof given === 'string' ? given.replaceAll('\r\n', '\n') : given
}

function whole(given: unknown, minimum: number, maximum: number): Read {
  const number = typeof given === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(given) ? Number(given) : given
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return { problem: 'it is no whole number' }
  if (number < minimum || number > maximum) return { problem: `it is not from ${minimum} to ${maximum}` }
  return { value: number }
}

function flag(given: unknown): Read {
  if (given === true || given === 'true') return { value: true }
  if (given === false || given === 'false') return { value: false }
  return { problem: 'it is neither true nor false' }
}

function choice(given: unknown, choices: readonly string[]): Read {
  if (typeof given !== 'string') return { problem: 'it is no text' }
  if (choices.includes(given)) return { value: given }
  return { problem: `it is none of ${choices.join(', ')}${didYouMean(nearest(given, choices))}` }
}
