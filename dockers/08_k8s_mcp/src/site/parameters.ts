import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'

/** The parameters of an address, each at most once. @throws GatehouseError for one that is not known, with the nearest */
export function parameters<Name extends string>(
  query: URLSearchParams,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {}
  for (const [name, value] of query) {
    const found = known.find((one) => one === name)
    if (!found) throw unknown(name, known)
    if (given[found] !== undefined) throw invalid(found, 'is given twice', known)
    given[found] = value
  }
  return given
}

/** INVALID_INPUT about one parameter. The value is not repeated. */
export function invalid(name: string, problem: string, known: readonly string[]): GatehouseError {
  return new GatehouseError('INVALID_INPUT', `${name}: ${problem}`, { hint: hintOf(known) })
}

function unknown(name: string, known: readonly string[]): GatehouseError {
  const near = nearest(name, [...known, 'format'])
  // Only what could be a name is repeated.
  const shown = /^[A-Za-z][\w.-]{0,39}$/.test(name) ? name : 'a parameter'
  return new GatehouseError('INVALID_INPUT', `${shown}: there is no such parameter here${didYouMean(near)}`, {
    hint: hintOf(known),
    data: { nearest: near },
  })
}

function hintOf(known: readonly string[]): string {
  return `Parameters of this address: ${[...known, 'format'].join(', ')}`
}
