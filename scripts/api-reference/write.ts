import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  fileOf,
  INDEX_FILE,
  type PreparedIndex,
} from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-files.ts'
import type { Document } from './documents.ts'

export interface Written {
  documents: number
  /** Of all files written. */
  bytes: number
}

/** Writes a version's folder beside its place and moves it there when it is whole. */
export async function writeVersion(
  documents: AsyncIterable<Document>,
  version: string,
  folder: string,
  signal?: AbortSignal,
): Promise<Written> {
  const target = join(folder, version)
  const making = join(folder, `.${version}.${process.pid}`)
  const replaced = `${making}.replaced`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { recursive: true })
  try {
    const written = await writeFiles(documents, version, making, signal)
    await rename(target, replaced).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(making, target)
    return written
  } finally {
    await rm(making, { recursive: true, force: true })
    await rm(replaced, { recursive: true, force: true })
  }
}

async function writeFiles(
  documents: AsyncIterable<Document>,
  version: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const groupVersions: string[] = []
  let bytes = 0
  const write = async (file: string, value: unknown): Promise<void> => {
    signal?.throwIfAborted()
    const text = JSON.stringify(value)
    bytes += Buffer.byteLength(text)
    await writeFile(join(folder, file), text)
  }
  for await (const { groupVersion, schemas } of documents) {
    await write(fileOf(groupVersion), schemas)
    groupVersions.push(groupVersion)
  }
  if (groupVersions.length === 0) {
    throw new Error(`Kubernetes ${version} carries no OpenAPI v3 documents (they came with 1.24)`)
  }
  // The core group first, as everybody lists it.
  const rank = (groupVersion: string): number => Number(groupVersion.includes('/'))
  groupVersions.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const index: PreparedIndex = { version, prepared: new Date().toISOString(), groupVersions }
  await write(INDEX_FILE, index)
  return { documents: groupVersions.length, bytes }
}
