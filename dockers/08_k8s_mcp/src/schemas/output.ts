import { z } from 'zod'

export const target = z.object({ context: z.string(), namespace: z.string(), identity: z.string() })

const cell = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

const overview = z.object({
  unhealthy: z.int(),
  status: z.record(z.string(), z.int()).optional(),
  namespaces: z.record(z.string(), z.int()).optional(),
  restarts: z.int().optional(),
  types: z.record(z.string(), z.int()).optional(),
  reasons: z.record(z.string(), z.int()).optional(),
})

/** The shape of every list. `items` are rows of named cells. */
export const listing = z.object({
  target,
  total: z.union([z.int(), z.object({ atLeast: z.int() })]),
  shown: z.int(),
  continue: z.string().optional(),
  /** Objects behind the groups, where the items are groups; they have no overview. */
  grouped: z.int().optional(),
  overview: overview.optional(),
  items: z.array(z.record(z.string(), cell)),
  /** What the reader should know about the list itself. */
  note: z.string().optional(),
})
export type ListingReply = z.infer<typeof listing>
