import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { OWN_NAMESPACES } from '../never.ts'
import { policyError } from './policy-error.ts'
import { parsePolicyText } from './policy-text.ts'
import { compileRules } from './rules/compile.ts'
import type { CompiledRule } from './rules/rule.ts'
import { type PolicySettings, policySchema } from './settings.ts'

/** The effective policy: POLICY_FILE over the defaults, its rules compiled. Immutable. */
export interface Policy {
  settings: PolicySettings
  rules: readonly CompiledRule[]
  ownNamespaces: ReadonlySet<string>
  /** `sha256:…` over everything above; equal digests decide equally. */
  digest: string
}

export interface PolicyOptions {
  /** Namespaces this installation runs in, besides the usual ones. */
  ownNamespaces?: readonly string[]
}

// Goes into the digest, so that a version of Gatehouse that judges differently has another one.
const GATE_VERSION = 1

/**
 * Reads POLICY_FILE. Undefined means the defaults; a file that is not there, empty, not YAML, has unknown keys or a rule
 * that does not compile throws POLICY_INVALID, which names file and place.
 */
export async function loadPolicy(file: string | undefined, options: PolicyOptions = {}): Promise<Policy> {
  if (file === undefined) return makePolicy({ version: 1 }, 'defaults', options)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw policyError(file, cause.code === 'ENOENT' ? 'there is no such file' : 'it cannot be read', cause)
  })
  return parsePolicy(text, file, options)
}

/** `loadPolicy` for a text that is at hand; `name` is what errors call it. */
export async function parsePolicy(text: string, name: string, options: PolicyOptions = {}): Promise<Policy> {
  return makePolicy(parsePolicyText(text, name), name, options)
}

async function makePolicy(written: unknown, name: string, options: PolicyOptions): Promise<Policy> {
  const checked = policySchema.safeParse(written)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const place = issue?.path.join('.') || 'the whole file'
    throw policyError(name, `${place}: ${issue?.message ?? 'not valid'}`)
  }
  const settings = checked.data
  const ownNamespaces = new Set([...OWN_NAMESPACES, ...(options.ownNamespaces ?? [])])
  const rules = await compileRules(settings.rules, name)
  const effective = { gate: GATE_VERSION, settings, ownNamespaces: [...ownNamespaces].sort() }
  const digest = `sha256:${createHash('sha256').update(canonical(effective)).digest('hex')}`
  return Object.freeze({ settings, rules, ownNamespaces, digest })
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one) => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
