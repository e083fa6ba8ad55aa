import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { substitute } from './placeholders.ts'
import { readValue } from './read-value.ts'
import type { Template, Value } from './template.ts'

interface Problem {
  parameter: string
  reason: string
  nearest?: string[]
}

/**
 * The manifests with the values in them. A value is text, as from a query, or typed, as from JSON; '' and undefined
 * are not given, as an empty field of a form. INVALID_INPUT names every wrong parameter, in `data.problems` too, and
 * never repeats a value.
 */
export function fillTemplate(template: Template, values: Record<string, unknown>): Record<string, unknown>[] {
  const problems = unknownNames(template, values)
  const read = new Map<string, Value>()
  for (const parameter of template.parameters) {
    const { name } = parameter
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    const chosen = given === undefined || given === '' ? parameter.default : given
    if (chosen === undefined) continue
    const result = readValue(parameter, chosen)
    if ('problem' in result) problems.push({ parameter: name, reason: result.problem })
    else read.set(name, result.value)
  }
  if (problems.length > 0) throw refused(template, problems)
  return template.documents.map((document) => substitute(document, read) as Record<string, unknown>)
}

function unknownNames({ parameters }: Template, values: Record<string, unknown>): Problem[] {
  const known = parameters.map(({ name }) => name)
  return Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      // Only what could be a name is repeated: anything else may be a value in the wrong place.
      parameter: /^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(name) ? name : '(no name)',
      reason: 'there is no such parameter',
      nearest: nearest(name, known),
    }))
}

function refused({ name, parameters }: Template, problems: Problem[]): GatehouseError {
  const shown = problems.slice(0, 20)
  const text = shown.map(
    ({ parameter, reason, nearest: near = [] }) => `${parameter}: ${reason}${didYouMean(near)}`,
  )
  return new GatehouseError('INVALID_INPUT', `Template ${name}: ${text.join('. ')}`, {
    hint: `Parameters: ${parameters.map((parameter) => parameter.name).join(', ')}`,
    data: { problems: shown },
  })
}
