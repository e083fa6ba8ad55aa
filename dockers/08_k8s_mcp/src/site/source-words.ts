import { ownWords, type Sanitised, type Sanitizer } from '@gatehouse/sanitizer'
import { type Html, html } from '@gatehouse/web'
import type { ReferenceSource } from '../reference/sources/source.ts'

const ORIGINS: Record<ReferenceSource['origin'], Sanitised<string>> = {
  cluster: ownWords`as the connected cluster publishes it`,
  prepared: ownWords`as prepared by npm run api-reference`,
  typings: ownWords`from the typings of the Kubernetes client, without defaults and allowed values`,
}

/** `Kubernetes 1.36.3, as the connected cluster publishes it`. */
export function sourceWords({ origin, version }: ReferenceSource, { text }: Sanitizer): Html {
  return html`Kubernetes ${text(version)}, ${ORIGINS[origin]}`
}
