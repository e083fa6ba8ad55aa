import { isName, isNamespace } from '@gatehouse/kubernetes'
import { z } from 'zod'

/** Inputs that mean the same in every tool. Descriptions only where the name does not say it: they cost tokens. */
export const context = z.string().min(1).max(253).optional()
export const namespace = z
  .string()
  .refine(isNamespace, 'no namespace can be called so (lower-case letters, digits and "-", at most 63)')
  .optional()
export const allNamespaces = z.boolean().optional()
// Labels may be masked, and an order over them would tell them bit by bit.
export const labelSelector = z
  .string()
  .max(1000)
  .refine((selector) => !/[<>]/.test(selector), 'labels cannot be compared by size: use =, !=, in, notin')
  .optional()
export const fieldSelector = z.string().max(1000).optional()
export const limit = z.int().min(1).max(500).optional()
export const cursor = z.string().max(300).optional()
export const maxTokens = z.int().min(200).max(20_000).optional()
export const name = z
  .string()
  .refine(isName, 'no object can be called so (letters, digits, "-" and ".", at most 253)')
export const kind = z.string().min(1).max(253)
export const apiVersion = z.string().max(253).optional()
const columnNames = z.array(z.string().min(1).max(300)).min(1).max(30)

/** What the rows of a list are asked for. listResources describes them; once in a conversation is enough. */
export const projection = {
  columns: columnNames.optional(),
  where: z.string().min(1).max(1000).optional(),
  groupBy: columnNames.max(5).optional(),
  sort: z.string().min(1).max(300).optional(),
  top: z.int().min(1).max(10_000).optional(),
}

/** A list of one namespaced kind, with everything that can be asked of its rows. */
export const namespacedList = {
  context,
  namespace,
  allNamespaces,
  labelSelector,
  ...projection,
  limit,
  continue: cursor,
  maxTokens,
}

/** One object of any kind. */
export const oneObject = { context, kind, name, apiVersion, namespace, maxTokens }

/** Of a change: why the agent wants it. A claim, shown to the person who decides. */
export const reason = z.string().max(500).optional()

/** Of a change that was proposed. */
export const requestId = z.string().regex(/^[A-Za-z0-9-]{8,64}$/, 'not an id of a proposed change')
