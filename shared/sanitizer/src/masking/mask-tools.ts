/** How masking replaces a value whole, and how it cleans one that may hold a secret somewhere inside. */
export type MaskTools = {
  mask(kind: string, value: string | Uint8Array): string
  text(value: string): string
}

export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields: no list, no null. */
export function isObject(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
