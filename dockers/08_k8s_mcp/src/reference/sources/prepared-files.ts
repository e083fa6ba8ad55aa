import { fileURLToPath } from 'node:url'

/** Where `npm run api-reference` writes and the server reads: one folder for each version. Never committed. */
export const PREPARED_FOLDER = fileURLToPath(new URL('../../../static/api/', import.meta.url))

export const INDEX_FILE = 'index.json'

/** Written last, so that a folder with an index is a whole one. */
export interface PreparedIndex {
  /** `1.36.3`. */
  version: string
  /** When it was taken out of the module, as ISO 8601. */
  prepared: string
  groupVersions: string[]
}

/** `api__v1.json` and `apis__apps__v1.json`: the names of Kubernetes' own files. Groups and versions have no `_`. */
export function fileOf(groupVersion: string): string {
  const root = groupVersion.includes('/') ? 'apis' : 'api'
  return `${[root, ...groupVersion.split('/')].join('__')}.json`
}

const FILE = /^(?:api|apis__([a-z0-9][a-z0-9.-]*))__(v\d[a-z0-9]*)\.json$/

/** The way back; undefined for a name that is not one of a group version's documents. */
export function groupVersionOf(file: string): string | undefined {
  const [, group, version] = FILE.exec(file) ?? []
  return group ? `${group}/${version}` : version
}
