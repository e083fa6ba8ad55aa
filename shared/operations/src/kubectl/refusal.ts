import { GatehouseError } from '@gatehouse/errors'

/** A command that is understood and not carried out; `hint` is what to do instead. */
export function refused(message: string, hint?: string): GatehouseError {
  return new GatehouseError('COMMAND_REFUSED', `kubectl: ${message}`, hint === undefined ? {} : { hint })
}

/** A command that is no kubectl command. */
export function mistaken(message: string, hint?: string): GatehouseError {
  return new GatehouseError('INVALID_INPUT', `kubectl: ${message}`, hint === undefined ? {} : { hint })
}

/** A caller's word as an error may quote it. */
export function quoted(word: string): string {
  const printable = word.slice(0, 60).replace(/[^\x20-\x7e]/g, '?')
  return `"${printable}${word.length > 60 ? '…' : ''}"`
}
