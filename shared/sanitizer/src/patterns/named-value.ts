import { isPlainUnder } from './plain-value.ts'
import { carriesValue, type SecretName, secretName } from './secret-name.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What a field holds by its name: its own, the one beside it (`{ name: 'DB_PASSWORD', value: … }`) or, for
 * `value` and the like, that of the object it stands in (`password: { value: … }`).
 */
export function fieldName(owner: Fields, key: string, outer: SecretName | undefined): SecretName | undefined {
  if (key !== 'value') return secretName(key) ?? (carriesValue(key) ? outer : undefined)
  const name = owner.name ?? owner.key ?? owner.Name
  return (typeof name === 'string' ? secretName(name, true) : undefined) ?? outer
}

/** The secret that a value is under its name, as text; a password may be a number. */
export function secretText(value: unknown, name: SecretName | undefined): string | undefined {
  if (!name) return undefined
  const text = typeof value === 'string' || isNumber(value, name) ? String(value) : undefined
  return text === undefined || isPlainUnder(name, text) ? undefined : text
}

function isNumber(value: unknown, name: SecretName): boolean {
  return (typeof value === 'number' || typeof value === 'bigint') && name.strong && !name.counts
}

/** What runs before the arguments of a container: its image says the program where its command does not. */
export function argumentsBefore(owner: Fields, key: string): readonly unknown[] {
  if (key !== 'args') return []
  return [owner.image, ...(Array.isArray(owner.command) ? owner.command : [])]
}
