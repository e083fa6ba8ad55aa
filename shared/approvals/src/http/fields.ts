import { GatehouseError } from '@gatehouse/errors'
import { type RequestState, requestStates } from '../request.ts'

type Members = Record<string, unknown>

/** @throws GatehouseError INVALID_INPUT for a member this call does not know: a typing error must not pass as a wish */
export function assertOnly(body: Members, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const takes = known.length === 0 ? 'This call takes no body' : `This call takes ${known.join(', ')}`
  throw new GatehouseError('INVALID_INPUT', `There is a member that this call does not know. ${takes}`)
}

/** A text, or undefined. @throws GatehouseError INVALID_INPUT naming the member */
export function optionalText(body: Members, name: string, most: number): string | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.length > most || !value.isWellFormed())
    throw new GatehouseError('INVALID_INPUT', `${name}: a text of at most ${most} characters`)
  return value
}

/** A text that says something. @throws GatehouseError INVALID_INPUT naming the member */
export function requiredText(body: Members, name: string, most: number): string {
  const value = optionalText(body, name, most)?.trim()
  if (value) return value
  throw new GatehouseError('INVALID_INPUT', `${name}: needed, a text of at most ${most} characters`)
}

/** A whole number of a query or form. @throws GatehouseError INVALID_INPUT naming it */
export function wholeNumber(value: unknown, name: string, least: number, most: number): number | undefined {
  if (value === undefined || value === '') return undefined
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new GatehouseError('INVALID_INPUT', `${name}: a whole number from ${least} to ${most}`)
}

/** States of a query, one or several with commas. @throws GatehouseError INVALID_INPUT */
export function statesOf(value: unknown): RequestState[] | undefined {
  if (value === undefined || value === '') return undefined
  const asked = String(value).split(',')
  const states = requestStates.filter((state) => asked.includes(state))
  if (states.length === asked.length) return states
  throw new GatehouseError('INVALID_INPUT', `state: one or more of ${requestStates.join(', ')}`)
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** @throws GatehouseError NOT_FOUND for what can be no request's id */
export function requestIdOf(value: unknown): string {
  if (typeof value === 'string' && ID.test(value)) return value
  throw new GatehouseError('NOT_FOUND', 'No such request', { hint: 'Check the request id' })
}

/** Where a list goes on. @throws GatehouseError INVALID_INPUT */
export function cursorOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && ID.test(value)) return value
  throw new GatehouseError('INVALID_INPUT', 'cursor: give back the one of the page before')
}
