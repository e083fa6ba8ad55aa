import { Anchors } from '../anchors.ts'
import type { Memo, Pattern, Span } from '../span.ts'
import { findBootstrapTokens } from './bootstrap-token.ts'
import { cliFlags } from './cli-flags.ts'
import { connectionString } from './connection-string.ts'
import { dockerAuth } from './docker-auth.ts'
import { headers } from './headers.ts'
import { jwk } from './jwk.ts'
import { jwt } from './jwt.ts'
import { keyValue } from './key-value.ts'
import { pem } from './pem.ts'
import { findManifestLines, manifestLines, manifestObjects } from './secret-manifest.ts'
import { urlUserinfo } from './url-userinfo.ts'
import { vendor } from './vendor.ts'

/** Stage 4. The thirteenth pattern, bootstrap tokens, has no anchor but a dot and runs beside these. */
export const PATTERNS: readonly Pattern[] = [
  pem,
  jwt,
  jwk,
  headers,
  urlUserinfo,
  vendor,
  keyValue,
  cliFlags,
  connectionString,
  dockerAuth,
  manifestObjects,
  manifestLines,
]

const anchors = new Anchors<number>()
for (const [number, pattern] of PATTERNS.entries()) {
  for (const anchor of pattern.anchors) anchors.add(anchor, number, pattern.exact ?? false)
}

/** Adds what the thirteen patterns find in normalised text. One pass, linear for any input. */
export function findPatterns(text: string, out: Span[]): void {
  const memo: Memo = {}
  const from = new Int32Array(PATTERNS.length)
  anchors.scan(text, (number, index) => {
    if (index < (from[number] ?? 0)) return
    from[number] = PATTERNS[number]?.find(text, index, out, memo) ?? 0
  })
  findManifestLines(text, memo, out)
  findBootstrapTokens(text, out)
}
