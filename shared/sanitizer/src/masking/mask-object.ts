import { withheld } from '../bound.ts'
import { argumentsBefore, fieldName, secretText } from '../patterns/named-value.ts'
import { argumentSecrets } from '../patterns/program-arguments.ts'
import type { SecretName } from '../patterns/secret-name.ts'
import { maskConfigMap } from './mask-config-map.ts'
import { isKubeconfigUser, maskKubeconfigUser } from './mask-kubeconfig.ts'
import { maskSecret } from './mask-secret.ts'
import { type Fields, isObject, type MaskTools } from './mask-tools.ts'
import { publicNote } from './public-note.ts'

const MAX_DEPTH = 64
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Masks what stands inside, below a field of a secret name or not. */
type Inner = (item: unknown, name?: SecretName) => unknown

/**
 * Stage 1: masks an object by its kind and its fields, wherever in it they stand (lists, templates, custom
 * resources). Returns a new object. Strings under unsuspicious names are left for the text stages.
 */
export function maskObject(value: unknown, tools: MaskTools, depth = 0, outer?: SecretName): unknown {
  if (value === null || typeof value !== 'object') return value
  if (depth > MAX_DEPTH) return withheld('nested too deep')
  const inner: Inner = (item, name) => maskObject(item, tools, depth + 1, name)
  if (Array.isArray(value)) return maskList(value, tools, inner, outer)
  const fields = value as Fields
  const { kind } = fields
  // Any group: a custom resource called Secret is treated like the real one.
  if (kind === 'Secret')
    return maskSecret(maskFields(fields, tools, inner, undefined, ['data', 'stringData']), fields, tools)
  if (kind === 'SecretList' && Array.isArray(fields.items)) {
    // Items of a typed list do not say their kind.
    return {
      ...fields,
      metadata: inner(fields.metadata),
      items: fields.items.map((item) => secretItem(item, tools, inner)),
    }
  }
  if (kind === 'ConfigMap')
    return maskConfigMap(maskFields(fields, tools, inner, undefined, ['data', 'binaryData']), fields, tools)
  if (kind === 'ConfigMapList' && Array.isArray(fields.items)) {
    return {
      ...fields,
      items: fields.items.map((item) => (isObject(item) ? inner({ kind: 'ConfigMap', ...item }) : item)),
    }
  }
  if (isKubeconfigUser(fields)) return maskKubeconfigUser(maskFields(fields, tools, inner, outer), tools)
  return maskFields(fields, tools, inner, outer)
}

function secretItem(item: unknown, tools: MaskTools, inner: Inner): unknown {
  if (!isObject(item)) return tools.mask('secret', JSON.stringify(item) ?? '')
  return inner({ ...item, kind: 'Secret' })
}

function maskList(
  items: readonly unknown[],
  tools: MaskTools,
  inner: Inner,
  name?: SecretName,
  before: readonly unknown[] = [],
): unknown[] {
  const secrets = argumentSecrets(items, before)
  return items.map((item, i) => {
    const named = secretText(item, name)
    if (name && named !== undefined) return tools.mask(name.kind, named)
    const argument = secrets?.get(i)
    if (!argument || typeof item !== 'string') return inner(item, name)
    return tools.text(item.slice(0, argument.from)) + tools.mask(argument.kind, item.slice(argument.from))
  })
}

function maskFields(
  fields: Fields,
  tools: MaskTools,
  inner: Inner,
  outer: SecretName | undefined,
  skip: readonly string[] = [],
): Record<string, unknown> {
  const masked: [string, unknown][] = []
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'managedFields' && Array.isArray(value)) continue
    if (skip.includes(key)) masked.push([key, value])
    else masked.push([key, maskField(fields, key, value, tools, inner, outer)])
  }
  return Object.fromEntries(masked)
}

function maskField(
  owner: Fields,
  key: string,
  value: unknown,
  tools: MaskTools,
  inner: Inner,
  outer: SecretName | undefined,
): unknown {
  if (typeof value === 'string') {
    if (key === LAST_APPLIED) return '[removed: repeats the object]'
    const note = publicNote(key, value)
    if (note !== undefined) return note
  }
  const name = fieldName(owner, key, outer)
  const secret = secretText(value, name)
  if (name && secret !== undefined) return tools.mask(name.kind, secret)
  // The text of a variable may hold a secret that its name does not tell.
  if (key === 'value' && typeof value === 'string') return tools.text(value)
  return Array.isArray(value)
    ? maskList(value, tools, inner, name, argumentsBefore(owner, key))
    : inner(value, name)
}
