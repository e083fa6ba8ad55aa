import { GatehouseError } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import { type Operation, parseKubectl, prepareWrites } from '@gatehouse/operations'
import { z } from 'zod'
import { parseSubmission, type Submission } from './submission.ts'

const command = z.object({
  command: z.string().min(1).max(4_000),
  explanation: z.string().max(1_000).optional(),
  safety_level: z
    .string()
    .regex(/^(safe|caution|dangerous)$/i, 'SAFE, CAUTION or DANGEROUS')
    .optional(),
})
const metadata = z.object({
  severity: z.string().max(50).optional(),
  service: z.string().max(253).optional(),
  namespace: z.string().max(63).optional(),
})

/** The body of `propose_remediation` and `POST /api/mcp/propose`: kubectl commands with what the agent says of them. */
export const remediation = z.object({
  action: z.string().min(1).max(1_000),
  commands: z.array(command).min(1).max(20),
  metadata: metadata.optional(),
})
export type Remediation = z.infer<typeof remediation>

/**
 * What a remediation asks for, as operations. Its levels and metadata are claims.
 * @throws GatehouseError INVALID_INPUT, COMMAND_REFUSED naming the command
 */
export async function remediationSubmission(
  { action, commands, metadata: said = {} }: Remediation,
  clusters: Clusters,
  signal: AbortSignal,
): Promise<Submission> {
  const operations: Operation[] = []
  for (const [index, { command: text }] of commands.entries()) {
    // A namespace in the text wins: the one of the metadata is only said about the whole.
    const parsed = parseKubectl(text, { defaultNamespace: said.namespace })
    if ('read' in parsed) {
      throw new GatehouseError('INVALID_INPUT', `commands.${index}: a read needs no approval`, {
        hint: 'Call execute_kubectl for it; propose only what changes something',
      })
    }
    operations.push(...(await prepareWrites(parsed, clusters, signal)))
  }
  return {
    operations,
    tool: 'propose_remediation',
    claim: {
      reason: action,
      ...(said.severity && { severity: said.severity }),
      ...(said.service && { service: said.service }),
      explanations: commands.map(explanationOf),
    },
  }
}

/** Checks a body over REST. Other metadata is left aside. */
export function parseRemediation(body: unknown): Remediation {
  const parsed = remediation.safeParse(body)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues
    .slice(0, 5)
    .map((one) => `${one.path.join('.') || 'body'}: ${one.message}`)
  throw new GatehouseError('INVALID_INPUT', reasons.join('; '), {
    hint: 'Send { action, commands: [{ command, explanation?, safety_level? }], metadata? }',
  })
}

function explanationOf({ explanation = '', safety_level: level }: Remediation['commands'][number]): string {
  return level ? `${explanation} (says ${level.toUpperCase()})`.trim() : explanation
}

const personal = z.strictObject({
  command: z.string().min(1).max(4_000),
  stdin: z.string().max(524_288).optional(),
  reason: z.string().max(2_000).optional(),
})

/**
 * What one kubectl command asks for that a person wrote on a page.
 * @throws GatehouseError INVALID_INPUT, COMMAND_REFUSED
 */
export async function commandSubmission(
  body: unknown,
  clusters: Clusters,
  signal: AbortSignal,
): Promise<Submission> {
  const parsed = personal.safeParse(body)
  if (!parsed.success) throw new GatehouseError('INVALID_INPUT', 'command: one kubectl command is needed')
  const { command: text, stdin, reason } = parsed.data
  const meaning = parseKubectl(text, { ...(stdin && { stdin }) })
  if ('read' in meaning) {
    throw new GatehouseError('INVALID_INPUT', 'command: this only reads, and needs no approval', {
      hint: 'Read with kubectl or with the tools of an agent',
    })
  }
  const operations = await prepareWrites(meaning, clusters, signal)
  return { operations, tool: 'page', ...(reason && { claim: { reason } }) }
}

/**
 * What somebody asks for, in whatever form it came.
 * @throws GatehouseError INVALID_INPUT, COMMAND_REFUSED
 */
export async function submissionOf(
  kind: 'remediation' | 'operations' | 'command',
  body: unknown,
  clusters: Clusters,
  signal: AbortSignal,
): Promise<Submission> {
  switch (kind) {
    case 'remediation':
      return remediationSubmission(parseRemediation(body), clusters, signal)
    case 'command':
      return commandSubmission(body, clusters, signal)
    case 'operations':
      return parseSubmission(body)
  }
}
