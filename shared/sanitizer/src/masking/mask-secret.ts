import type { Fields, MaskTools } from './mask-tools.ts'
import { maskCopies } from './own-values.ts'

/**
 * Replaces each value of a Secret by class, digest and size. The digest is over the decoded bytes, so
 * that `data` and `stringData` of equal content read equal.
 * @param masked the Secret with its other fields masked already
 */
export function maskSecret(
  masked: Record<string, unknown>,
  secret: Fields,
  tools: MaskTools,
): Record<string, unknown> {
  const { data, stringData } = secret
  maskCopies(masked, secret, tools)
  if (data !== undefined) masked.data = maskValues(data, tools, (text) => Buffer.from(text, 'base64'))
  if (stringData !== undefined) masked.stringData = maskValues(stringData, tools, (text) => Buffer.from(text))
  return masked
}

function maskValues(values: unknown, tools: MaskTools, decode: (text: string) => Buffer): unknown {
  if (values === null) return null
  if (typeof values !== 'object' || Array.isArray(values)) return tools.mask('secret', JSON.stringify(values))
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      sized(typeof value === 'string' ? decode(value) : other(value), tools),
    ]),
  )
}

function other(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? '')
}

/** `[redacted:secret:<digest>] (24 bytes)`. */
export function sized(bytes: Buffer, tools: MaskTools, kind = 'secret'): string {
  return `${tools.mask(kind, bytes)} (${bytes.length} bytes)`
}
