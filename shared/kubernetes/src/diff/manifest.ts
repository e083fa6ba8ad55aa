import { GatehouseError } from '@gatehouse/errors'
import { loadAll, YAMLException } from 'js-yaml'
import { checkName } from '../client/paths.ts'
import { assertPlain } from './plain-value.ts'
import { KUBERNETES_YAML } from './yaml-schema.ts'

/** One object of a manifest, with what is needed to address it. */
export interface ManifestDocument {
  /** From 1, empty documents not counted. */
  number: number
  apiVersion: string
  kind: string
  name: string
  namespace?: string
  /** JSON without aliases, ready to be sent. */
  object: Record<string, unknown>
}

/** Of one document; masking and comparing them takes some ten milliseconds at a stretch. */
export const MOST_VALUES = 5_000

const MOST_BYTES = 512 * 1024
const MOST_DOCUMENTS = 100
const LIMITS = { maxDepth: 100, maxAliases: 1_000, maxTotalMergeKeys: 10_000 }

/**
 * The objects of a YAML text as Kubernetes reads it (`0644` is octal), strictly: duplicate keys, aliases that grow or
 * turn in circles, and documents that name no object are INVALID_INPUT, with line or document number.
 */
export function parseManifest(yaml: string): ManifestDocument[] {
  if (Buffer.byteLength(yaml) > MOST_BYTES) {
    throw new GatehouseError('TOO_LARGE', 'yamlContent: more than 512 kB', {
      hint: 'Send fewer documents at once',
    })
  }
  const values = parse(yaml).filter((value) => value !== null && value !== undefined)
  if (values.length === 0) throw invalid('it holds no object')
  if (values.length > MOST_DOCUMENTS) {
    throw new GatehouseError(
      'TOO_LARGE',
      `yamlContent: ${values.length} documents, at most ${MOST_DOCUMENTS}`,
    )
  }
  const documents = values.map((value, index) => documentOf(value, index + 1))
  const seen = new Map<string, number>()
  for (const { apiVersion, kind, namespace = '', name, number } of documents) {
    const key = [apiVersion, kind, namespace, name].join(' ')
    const first = seen.get(key)
    if (first) throw invalid(`documents ${first} and ${number} are the same object, ${kind} ${name}`)
    seen.set(key, number)
  }
  return documents
}

function parse(yaml: string): unknown[] {
  try {
    return loadAll(yaml, { schema: KUBERNETES_YAML, ...LIMITS })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    // Neither its message nor itself as cause: both quote the manifest, which may hold a secret.
    const place = cause.mark ? `line ${cause.mark.line + 1}: ` : ''
    throw invalid(`${place}${cause.reason.replace(/"[^"]*"/g, '"…"').slice(0, 200)}`)
  }
}

function documentOf(value: unknown, number: number): ManifestDocument {
  const where = `document ${number}`
  const values = assertPlain(value, where)
  if (values > MOST_VALUES) {
    throw new GatehouseError('TOO_LARGE', `yamlContent: ${where}: ${values} values, at most ${MOST_VALUES}`)
  }
  if (!isRecord(value))
    throw invalid(`${where}: it is no object but ${Array.isArray(value) ? 'a list' : 'a plain value'}`)
  const { apiVersion, kind, metadata } = value
  if (typeof kind !== 'string' || kind === '') throw invalid(`${where}: kind is missing`)
  if (typeof apiVersion !== 'string' || apiVersion === '')
    throw invalid(`${where} (${kind}): apiVersion is missing`)
  if (kind.endsWith('List') && Array.isArray(value.items)) {
    throw invalid(`${where}: a ${kind} has no name of its own; write its items as documents separated by ---`)
  }
  if (!isRecord(metadata)) throw invalid(`${where} (${kind}): metadata is missing`)
  const { name, namespace, generateName } = metadata
  if (name === undefined && generateName !== undefined) {
    throw invalid(`${where} (${kind}): generateName cannot be applied; give it a name`)
  }
  if (typeof name !== 'string' || name === '')
    throw invalid(`${where} (${kind}): metadata.name is missing or no text`)
  if (namespace !== undefined && typeof namespace !== 'string') {
    throw invalid(`${where} (${kind} ${checkName(name)}): metadata.namespace is no text`)
  }
  return { number, apiVersion, kind, name: checkName(name), ...(namespace && { namespace }), object: value }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function invalid(reason: string): GatehouseError {
  return new GatehouseError('INVALID_INPUT', `yamlContent: ${reason}`)
}
