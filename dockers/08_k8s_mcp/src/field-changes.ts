import { z } from 'zod'

/** A field that differs; a missing side means the field is not there. */
export const fieldChange = z.object({
  path: z.string(),
  old: z.string().optional(),
  new: z.string().optional(),
})

/** `spec.replicas: 2 → 3`, `+ path: value`, `- path: value` */
export function changeText(change: z.infer<typeof fieldChange>): string {
  if (change.old === undefined) return `+ ${change.path}: ${change.new ?? ''}`
  if (change.new === undefined) return `- ${change.path}: ${change.old}`
  return `${change.path}: ${change.old} → ${change.new}`
}
