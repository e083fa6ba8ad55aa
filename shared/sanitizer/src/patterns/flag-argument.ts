import { isPlainValue } from './plain-value.ts'
import { secretName } from './secret-name.ts'

/** The class of `value` where the list element before it is a flag that takes a secret: `["--token", "x"]`. */
export function flagArgumentKind(before: unknown, value: string): string | undefined {
  if (typeof before !== 'string' || !before.startsWith('--') || /[\s=]/.test(before)) return undefined
  const name = secretName(before)
  return name && !value.startsWith('--') && !isPlainValue(value, name.strong) ? name.kind : undefined
}
