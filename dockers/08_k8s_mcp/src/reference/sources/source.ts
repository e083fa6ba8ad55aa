import type { Schemas } from '@gatehouse/kubernetes'

/** Where the API reference takes its facts from: a connected cluster, prepared documents, or the client's typings. */
export interface ReferenceSource {
  origin: 'cluster' | 'prepared' | 'typings'
  /** `1.36.3`, or `1.36` where only that is known. */
  version: string
  /** Group versions it documents, such as `v1` and `apps/v1`. */
  groupVersions(signal?: AbortSignal): Promise<string[]>
  /** All schemas of one group version, as components of an OpenAPI v3 document with group, version and kind. */
  schemas(groupVersion: string, signal?: AbortSignal): Promise<Schemas>
}
