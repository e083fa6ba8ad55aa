import { withheld } from '../bound.ts'
import { flagArgumentKind } from '../patterns/flag-argument.ts'
import { isPlainValue } from '../patterns/plain-value.ts'
import { secretName } from '../patterns/secret-name.ts'
import { maskConfigMap } from './mask-config-map.ts'
import { isKubeconfigUser, maskKubeconfigUser } from './mask-kubeconfig.ts'
import { maskSecret } from './mask-secret.ts'
import { type Fields, isObject, type MaskTools } from './mask-tools.ts'
import { publicNote } from './public-note.ts'

const MAX_DEPTH = 64
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Stage 1: masks an object by its kind and its fields, wherever in it they stand (lists, templates, custom
 * resources). Returns a new object. Strings under unsuspicious names are left for the text stages.
 */
export function maskObject(value: unknown, tools: MaskTools, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value
  if (depth > MAX_DEPTH) return withheld('nested too deep')
  const inner = (item: unknown) => maskObject(item, tools, depth + 1)
  if (Array.isArray(value)) return maskList(value, tools, inner)
  const fields = value as Fields
  const { kind } = fields
  // Any group: a custom resource called Secret is treated like the real one.
  if (kind === 'Secret')
    return maskSecret(maskFields(fields, tools, inner, ['data', 'stringData']), fields, tools)
  if (kind === 'SecretList' && Array.isArray(fields.items)) {
    // Items of a typed list do not say their kind.
    return {
      ...fields,
      metadata: inner(fields.metadata),
      items: fields.items.map((item) => secretItem(item, tools, inner)),
    }
  }
  if (kind === 'ConfigMap')
    return maskConfigMap(maskFields(fields, tools, inner, ['data', 'binaryData']), fields, tools)
  if (kind === 'ConfigMapList' && Array.isArray(fields.items)) {
    return {
      ...fields,
      items: fields.items.map((item) => (isObject(item) ? inner({ kind: 'ConfigMap', ...item }) : item)),
    }
  }
  if (isKubeconfigUser(fields)) return maskKubeconfigUser(maskFields(fields, tools, inner), tools)
  return maskFields(fields, tools, inner)
}

function secretItem(item: unknown, tools: MaskTools, inner: (item: unknown) => unknown): unknown {
  if (!isObject(item)) return tools.mask('secret', JSON.stringify(item) ?? '')
  return inner({ ...item, kind: 'Secret' })
}

function maskList(items: readonly unknown[], tools: MaskTools, inner: (item: unknown) => unknown): unknown[] {
  return items.map((item, i) => {
    const kind = typeof item === 'string' ? flagArgumentKind(items[i - 1], item) : undefined
    return kind ? tools.mask(kind, item as string) : inner(item)
  })
}

function maskFields(
  fields: Fields,
  tools: MaskTools,
  inner: (item: unknown) => unknown,
  skip: readonly string[] = [],
): Record<string, unknown> {
  const masked: [string, unknown][] = []
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'managedFields' && Array.isArray(value)) continue
    if (skip.includes(key)) masked.push([key, value])
    else masked.push([key, maskField(fields, key, value, tools, inner)])
  }
  return Object.fromEntries(masked)
}

function maskField(
  owner: Fields,
  key: string,
  value: unknown,
  tools: MaskTools,
  inner: (item: unknown) => unknown,
): unknown {
  if (typeof value === 'string') {
    if (key === LAST_APPLIED) return '[removed: repeats the object]'
    return publicNote(key, value) ?? maskNamed(owner, key, value, tools)
  }
  const name = Array.isArray(value) ? secretName(key) : undefined
  if (!name) return inner(value)
  return (value as unknown[]).map((item) =>
    typeof item === 'string' && !isPlainValue(item, name.strong) ? tools.mask(name.kind, item) : inner(item),
  )
}

/** By its own name, or for `{ name, value }` pairs (environment, parameters) by the name beside it. */
function maskNamed(owner: Fields, key: string, value: string, tools: MaskTools): string {
  if (key === 'value' && typeof owner.name === 'string') {
    const name = secretName(owner.name, true)
    return name && !isPlainValue(value, name.strong) ? tools.mask(name.kind, value) : tools.text(value)
  }
  const name = secretName(key)
  return name && !isPlainValue(value, name.strong) ? tools.mask(name.kind, value) : value
}
