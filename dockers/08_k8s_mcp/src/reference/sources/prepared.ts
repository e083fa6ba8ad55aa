import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GatehouseError } from '@gatehouse/errors'
import type { Schemas } from '@gatehouse/kubernetes'
import { fileOf, INDEX_FILE, PREPARED_FOLDER } from './prepared-files.ts'
import { indexIn, versionFolders, wholeVersions } from './prepared-index.ts'
import { newestThatFits } from './prepared-version.ts'
import type { ReferenceSource } from './source.ts'
import { quoted, unknownGroupVersion } from './source-errors.ts'

// Parsed documents are large (core/v1 a few MB), and readers stay with one or two.
const MOST_CACHED = 3

/** The versions that `npm run api-reference` has prepared, the newest first; none when it never ran. */
export function preparedVersions(folder = PREPARED_FOLDER): Promise<string[]> {
  return wholeVersions(folder)
}

/** A prepared version; `1.36` is the newest of 1.36. */
export async function preparedSource(asked: string, folder = PREPARED_FOLDER): Promise<ReferenceSource> {
  const whole = await wholeVersions(folder)
  // Then any folder: who asks for one that is not whole wants to know that it is not.
  const version = newestThatFits(asked, whole) ?? newestThatFits(asked, await versionFolders(folder))
  if (!version) throw unknownVersion(asked, whole)
  const index = await indexIn(folder, version)
  if (!index) throw notWhole(version, INDEX_FILE)
  const { groupVersions } = index
  const cache = new Map<string, Promise<Schemas>>()
  return {
    origin: 'prepared',
    version,
    groupVersions: async () => [...groupVersions],
    async schemas(groupVersion, signal) {
      signal?.throwIfAborted()
      if (!groupVersions.includes(groupVersion))
        throw unknownGroupVersion(groupVersion, groupVersions, version)
      const reading = cache.get(groupVersion) ?? read(folder, version, fileOf(groupVersion))
      cache.delete(groupVersion)
      cache.set(groupVersion, reading)
      reading.catch(() => cache.delete(groupVersion))
      for (const oldest of cache.keys()) {
        if (cache.size <= MOST_CACHED) break
        cache.delete(oldest)
      }
      return reading
    },
  }
}

async function read(folder: string, version: string, file: string): Promise<Schemas> {
  try {
    const schemas: unknown = JSON.parse(await readFile(join(folder, version, file), 'utf8'))
    if (!isSchemas(schemas)) throw new TypeError('not a set of schemas')
    return schemas
  } catch (error) {
    throw notWhole(version, file, error)
  }
}

function isSchemas(value: unknown): value is Schemas {
  const isObject = (one: unknown): one is object =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
  return isObject(value) && Object.values(value).every(isObject)
}

function notWhole(version: string, file: string, cause?: unknown): GatehouseError {
  return new GatehouseError('INTERNAL', `The prepared API reference of ${version} is not whole: ${file}`, {
    hint: `Prepare it again: npm run api-reference -- ${version} --force`,
    cause,
  })
}

function unknownVersion(asked: string, available: string[]): GatehouseError {
  return new GatehouseError('NOT_FOUND', `No API reference of Kubernetes ${quoted(asked)} is prepared`, {
    hint:
      available.length > 0
        ? `Available are ${available.join(', ')}`
        : 'None is: npm run api-reference prepares one',
    data: { available },
  })
}
