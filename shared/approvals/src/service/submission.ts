import { GatehouseError } from '@gatehouse/errors'
import type { Operation } from '@gatehouse/operations'
import { z } from 'zod'

// Names are checked where they become a path; here only what could not be an operation at all.
const name = z.string().min(1).max(253)
const target = z.strictObject({
  context: z.string().max(253).optional(),
  apiVersion: z.string().max(253).optional(),
  kind: name,
  namespace: z.string().max(253).optional(),
  name,
})
const object = z.record(z.string(), z.unknown())
const seconds = z.int().min(0).max(3_600).optional()

const operation = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('create'), target, object }),
  z.strictObject({ type: z.literal('apply'), target, object }),
  z.strictObject({
    type: z.literal('patch'),
    target,
    patchType: z.enum(['merge', 'json', 'strategic']),
    patch: z.union([object, z.array(object).max(100)]),
  }),
  z.strictObject({ type: z.literal('scale'), target, replicas: z.int().min(0).max(100_000) }),
  z.strictObject({ type: z.literal('restart'), target }),
  z.strictObject({ type: z.literal('rollback'), target, revision: z.int().min(1).optional() }),
  z.strictObject({
    type: z.literal('delete'),
    target,
    gracePeriodSeconds: seconds,
    propagation: z.enum(['Background', 'Foreground', 'Orphan']).optional(),
  }),
  z.strictObject({ type: z.literal('evict'), target, gracePeriodSeconds: seconds }),
  z.strictObject({
    type: z.literal('exec'),
    target,
    container: name.optional(),
    command: z.array(z.string().max(4_000)).min(1).max(100),
    timeoutSeconds: z.int().min(1).max(60).optional(),
  }),
  z.strictObject({ type: z.literal('switchContext'), server: name, context: name }),
])

const text = (most: number) => z.string().max(most).optional()

/** What `POST /api/operations` takes, and tools of this process hand over. */
const submission = z.strictObject({
  operations: z.array(operation).min(1).max(50),
  claim: z
    .strictObject({
      reason: text(2_000),
      severity: text(50),
      service: text(253),
      explanations: z.array(z.string().max(1_100)).max(50).optional(),
    })
    .optional(),
  // A name and no sentence: the page shows it beside its own words.
  tool: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, 'the name of a tool')
    .optional(),
  /** Who called the server that submits, as it knows: for the log only. */
  caller: z.string().max(200).optional(),
})

export interface Submission {
  operations: Operation[]
  claim?: { reason?: string; severity?: string; service?: string; explanations?: string[] }
  tool: string
}

/** Checks a body. Throws INVALID_INPUT naming field and reason, never the value. */
export function parseSubmission(body: unknown): Submission {
  const parsed = submission.safeParse(body)
  if (!parsed.success) {
    const reasons = parsed.error.issues
      .slice(0, 5)
      .map((one) => `${one.path.join('.') || 'body'}: ${one.message}`)
    throw new GatehouseError('INVALID_INPUT', reasons.join('; '), {
      hint: 'Send { operations: [{ type, target, … }], claim?: { reason } }',
    })
  }
  const { operations, claim, tool = 'rest' } = parsed.data
  // Optional members may be undefined in both.
  return {
    operations: operations as Operation[],
    tool,
    ...(claim && { claim: claim as NonNullable<Submission['claim']> }),
  }
}
