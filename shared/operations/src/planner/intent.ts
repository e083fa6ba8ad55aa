import { canonicalJson, digestOf } from '@gatehouse/audit'
import type { Operation } from '../operation.ts'
import type { ResolvedTarget } from '../plan.ts'

/** The same for the same wish about the same object, however its target was written and whenever it is asked. */
export function intentOf(operation: Operation, target: ResolvedTarget): string {
  const { ...wish } = operation
  Reflect.deleteProperty(wish, 'target')
  return digestOf('intent/v1', canonicalJson([target, wish]))
}
