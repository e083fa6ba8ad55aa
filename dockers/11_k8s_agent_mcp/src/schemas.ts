import { isName, isNamespace } from '@gatehouse/kubernetes/single'
import { z } from 'zod'

/** Inputs and outputs that mean the same in every tool. */
export const kind = z.string().min(1).max(253)
export const apiVersion = z.string().max(253).optional()
export const namespace = z
  .string()
  .refine(isNamespace, 'no namespace can be called so (lower-case letters, digits and "-", at most 63)')
export const name = z
  .string()
  .refine(isName, 'no object can be called so (letters, digits, "-" and ".", at most 253)')

export const target = z.object({ context: z.string(), namespace: z.string(), identity: z.string() })
export type Target = z.infer<typeof target>

export function targetLine({ context, namespace, identity }: Target): string {
  return `context ${context}, namespace ${namespace}, as ${identity}`
}
