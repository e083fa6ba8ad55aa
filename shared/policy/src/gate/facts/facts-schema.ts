import { z } from 'zod'
import { type ChangeFacts, changeTypes, type SwitchFacts } from '../../facts.ts'

const word = z.string().max(253)
const words = z.array(z.string().max(4_096)).max(1_000)

const requester = z.strictObject({
  subject: z.string().min(1).max(500),
  kind: z.enum(['human', 'agent', 'service']),
  changesLastHour: z.int().min(0),
})

const pods = z.strictObject({
  newPrivileges: words,
  keptPrivileges: words,
  newSecretRefs: words,
  serviceAccounts: z.array(z.strictObject({ before: word.nullable(), after: word })).max(100),
  images: z
    .array(
      z.strictObject({
        container: z.string().max(1_000),
        before: z.string().max(1_000).nullable(),
        after: z.string().max(1_000),
      }),
    )
    .max(1_000),
  newContainers: words,
  changedCommands: words,
  concerns: words,
})

// All that the gate judges: neither a missing nor an additional fact is understood.
const change = z.strictObject({
  type: z.enum(changeTypes),
  context: z.string().min(1).max(1_000),
  group: word,
  kind: word.min(1),
  resource: word.min(1),
  namespaced: z.boolean(),
  namespace: z.string().max(63),
  name: word,
  exists: z.boolean(),
  changedPaths: words,
  finalizersChanged: z.boolean(),
  ownersChanged: z.boolean(),
  generatedName: z.boolean(),
  changedLabels: words,
  replicas: z.strictObject({ before: z.int().nullable(), after: z.int().nullable() }).nullable(),
  deletesClaims: z.boolean(),
  pods: pods.nullable(),
  grants: z.strictObject({ excessive: words }).nullable(),
  onlyCordon: z.boolean(),
  requester,
  planSize: z.int().min(1),
  force: z.boolean(),
  gracePeriodSeconds: z.int().nullable(),
  command: words.min(1).nullable(),
  existing: z.strictObject({ secrets: words, serviceAccounts: words }),
  dependents: z.int().min(0).nullable(),
  selectedBy: words.nullable(),
}) satisfies z.ZodType<ChangeFacts>

const contextSwitch = z.strictObject({
  type: z.literal('switchContext'),
  server: word.min(1),
  context: z.string().min(1).max(1_000),
  requester,
  planSize: z.int().min(1),
}) satisfies z.ZodType<SwitchFacts>

/** The facts as they were given, or what about them is not understood. Never throws. */
export function checkFacts(facts: unknown): { facts: ChangeFacts | SwitchFacts } | { problem: string } {
  const isSwitch = isRecord(facts) && facts.type === 'switchContext'
  const checked = (isSwitch ? contextSwitch : change).safeParse(facts)
  if (checked.success) return { facts: checked.data }
  const [first] = checked.error.issues
  const where = first?.code === 'unrecognized_keys' ? first.keys.join(', ') : first?.path.join('.')
  return { problem: where || 'facts' }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}
