import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'
import { policyError } from './policy-error.ts'

const MOST_CHARACTERS = 256 * 1024

/** The value of a policy's YAML text, strictly: duplicate keys, aliases and several documents are errors. */
export function parsePolicyText(text: string, file: string): unknown {
  if (text.length > MOST_CHARACTERS) throw policyError(file, 'more than 256 kB')
  if (text.split('\n').every((line) => /^\s*(#|$)/.test(line))) throw empty(file)
  let value: unknown
  try {
    value = load(text, { schema: CORE_SCHEMA, maxAliases: 0, maxDepth: 20 })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    throw policyError(file, `${cause.mark ? `line ${cause.mark.line + 1}: ` : ''}${cause.reason}`, cause)
  }
  if (value === undefined || value === null) throw empty(file)
  return value
}

function empty(file: string): Error {
  return policyError(file, 'it is empty; to use the defaults write "version: 1" or unset POLICY_FILE')
}
