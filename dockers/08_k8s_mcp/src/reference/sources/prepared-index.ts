import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileOf, groupVersionOf, INDEX_FILE, type PreparedIndex } from './prepared-files.ts'
import { newestFirst } from './prepared-version.ts'

// Nothing but Node is imported here and in the two files it imports: scripts/api-reference.ts runs them in a build stage
// that has no packages of this repository.

/** Folders named as versions, whole or not. */
export async function versionFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isDirectory() && /^\d+\.\d+\.\d+$/.test(entry.name))
    .map(({ name }) => name)
}

/** The versions whose folder has a good index, the newest first. */
export async function wholeVersions(folder: string): Promise<string[]> {
  const names = await versionFolders(folder)
  const indexes = await Promise.all(names.map((version) => indexIn(folder, version)))
  return newestFirst(indexes.flatMap((index) => index?.version ?? []))
}

/** The index of one version; undefined when there is none, or none that can be relied on. */
export async function indexIn(folder: string, version: string): Promise<PreparedIndex | undefined> {
  const text = await readFile(join(folder, version, INDEX_FILE), 'utf8').catch(() => '')
  try {
    const index = JSON.parse(text) as PreparedIndex | null
    const good =
      index?.version === version && Array.isArray(index.groupVersions) && index.groupVersions.every(isNamed)
    return good ? index : undefined
  } catch {
    return undefined
  }
}

// Group versions become file names: one that does not come back unchanged could lead out of the folder.
function isNamed(groupVersion: unknown): boolean {
  return typeof groupVersion === 'string' && groupVersionOf(fileOf(groupVersion)) === groupVersion
}
