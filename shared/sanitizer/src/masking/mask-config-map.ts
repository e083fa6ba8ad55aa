import { secretText } from '../patterns/named-value.ts'
import { secretName } from '../patterns/secret-name.ts'
import { sized } from './mask-secret.ts'
import { type Fields, isObject, type MaskTools } from './mask-tools.ts'
import { publicNote } from './public-note.ts'

/**
 * ConfigMaps often hold what belongs into a Secret: keys with secret names are masked whole, files are
 * searched by pattern, binary data is reduced to digest and size (key stores are binary).
 * @param masked the ConfigMap with its other fields masked already
 */
export function maskConfigMap(
  masked: Record<string, unknown>,
  configMap: Fields,
  tools: MaskTools,
): Record<string, unknown> {
  const { data, binaryData } = configMap
  if (isObject(data)) masked.data = mapValues(data, (key, value) => maskEntry(key, value, tools))
  if (isObject(binaryData)) {
    masked.binaryData = mapValues(binaryData, (_key, value) =>
      sized(Buffer.from(String(value), 'base64'), tools, 'binary'),
    )
  }
  return masked
}

function maskEntry(key: string, value: unknown, tools: MaskTools): unknown {
  const note = typeof value === 'string' ? publicNote(key, value) : undefined
  if (note) return note
  const name = secretName(key, true)
  const secret = secretText(value, name)
  if (name && secret !== undefined) return tools.mask(name.kind, secret)
  return typeof value === 'string' ? tools.text(value) : value
}

function mapValues(
  fields: Fields,
  change: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(key, value)]))
}
