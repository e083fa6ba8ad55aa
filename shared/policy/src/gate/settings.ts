import { z } from 'zod'
import { changeTypes } from '../facts.ts'

/** Kinds that may be named without their group in `allow.kinds`. */
const GROUP_OF: Record<string, string> = {
  Namespace: '',
  Role: 'rbac.authorization.k8s.io',
  RoleBinding: 'rbac.authorization.k8s.io',
  CustomResourceDefinition: 'apiextensions.k8s.io',
}

/** Whether an entry of `allow.kinds` means this kind. */
export function allowsKind(entry: string, { kind, group }: { kind: string; group: string }): boolean {
  return entry === `${kind}.${group}` || (entry === kind && GROUP_OF[kind] === group)
}

// Whatever POLICY_FILE says, these stay where they are: a file that asks for one is a mistake its writer should see.
const NOT_ALLOWABLE =
  /^(Secret|Node|PersistentVolume|ClusterRole|ClusterRoleBinding|APIService|CertificateSigningRequest|TokenRequest|TokenReview|Binding|(Validating|Mutating)(Webhook|Admission).*)(\.|$)|\.(admissionregistration|certificates|authentication|authorization|apiregistration)\.k8s\.io$/

const kindName = z
  .string()
  .regex(
    /^[A-Z][A-Za-z0-9]{0,62}(\.[a-z0-9.-]{1,200})?$/,
    'write a kind as Kind or Kind.group, without wildcards',
  )
const kindPattern = z
  .string()
  .regex(/^(\*|[A-Z][A-Za-z0-9]{0,62})(\.[a-z0-9.-]{1,200})?$/, 'write Kind, Kind.group or *.group')
const namePattern = z
  .string()
  .regex(/^[a-z0-9*-]{1,63}$/, 'write a name in lower case; * stands for any characters')
const level = z.union([z.literal(1), z.literal(2), z.literal(3)])
const approvers = z.int().min(1).max(5)
const typeName = z.enum([...changeTypes, 'switchContext'])

const requirement = z
  .strictObject({
    namespaces: z.array(namePattern).min(1).max(100).optional(),
    kinds: z.array(kindPattern).min(1).max(100).optional(),
    types: z.array(typeName).min(1).optional(),
    level: level.default(1),
    approvers: approvers.default(1),
    because: z.string().min(1).max(200),
  })
  .refine((one) => one.level > 1 || one.approvers > 1, 'it requires nothing: give level or approvers')

const rule = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'write a short name such as no-latest-tag'),
    when: z.string().min(1).max(2_000),
    deny: z.string().min(1).max(300).optional(),
    level: level.optional(),
    approvers: approvers.optional(),
  })
  .refine(
    (one) => one.deny !== undefined || one.level !== undefined || one.approvers !== undefined,
    'a rule denies (deny: why) or raises (level, approvers)',
  )

/** POLICY_FILE. Everything is optional but `version`; unknown keys are errors. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  allow: z
    .strictObject({
      /** Kinds that may be made although by default they may not. */
      kinds: z
        .array(
          kindName
            .refine((kind) => !NOT_ALLOWABLE.test(kind), 'this kind is never changed from here')
            .refine((kind) => kind.includes('.') || Object.hasOwn(GROUP_OF, kind), 'write Kind.group'),
        )
        .max(100)
        .default([]),
      secretRefs: z.enum(['none', 'existing', 'any']).default('existing'),
      serviceAccounts: z.enum(['none', 'existing', 'any']).default('existing'),
      exec: z.boolean().default(true),
      nodes: z.boolean().default(false),
    })
    .prefault({}),
  namespaces: z
    .strictObject({
      allow: z.array(namePattern).min(1).max(1_000).default(['*']),
      deny: z.array(namePattern).max(1_000).default([]),
    })
    .prefault({}),
  kinds: z.strictObject({ deny: z.array(kindPattern).max(1_000).default([]) }).prefault({}),
  budgets: z
    .strictObject({
      /** Of one requester. */
      changesPerHour: z.int().min(0).max(100_000).default(60),
      operationsPerPlan: z.int().min(1).max(100).default(20),
      /** Objects that may go along with a deleted one. */
      dependents: z.int().min(0).max(100_000).default(200),
    })
    .prefault({}),
  /** People who must approve at each level. */
  approvers: z
    .strictObject({
      level1: approvers.default(1),
      level2: approvers.default(1),
      level3: approvers.default(1),
    })
    .prefault({}),
  require: z.array(requirement).max(500).default([]),
  rules: z.array(rule).max(200).default([]),
})

export type PolicySettings = z.output<typeof policySchema>
export type RuleText = PolicySettings['rules'][number]
