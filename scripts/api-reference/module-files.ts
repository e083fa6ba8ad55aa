import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

/** The files of the Kubernetes module that the reference is made of, wherever they are. */
export interface ModuleFiles extends AsyncDisposable {
  /** Names of the files in a folder, in no order; none when there is no such folder. */
  list(folder: string): Promise<string[]>
  /** The text of a file; empty when there is none. */
  read(file: string): Promise<string>
}

/** The unpacked module. */
export function filesInFolder(module: string): ModuleFiles {
  return {
    list: (folder) => readdir(join(module, folder)).catch(() => []),
    read: (file) =>
      readFile(join(module, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw error
      }),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** A module zip. Only what is read is unpacked. */
export async function filesInZip(path: string, version: string): Promise<ModuleFiles> {
  const prefix = `k8s.io/kubernetes@v${version}/`
  const entries = new Map<string, Entry>()
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false })
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.slice(prefix.length), entry)
  } catch (error) {
    zip?.close()
    throw new Error(`The zip of Kubernetes ${version} cannot be read`, { cause: error })
  }
  const open = zip
  return {
    list: async (folder) =>
      [...entries.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1)),
    async read(file) {
      const entry = entries.get(file)
      if (!entry) return ''
      const bytes = await buffer(await open.openReadStreamPromise(entry))
      // The library compares sizes and leaves checksums to its caller.
      if (crc32(bytes) !== entry.crc32)
        throw new Error(`The zip of Kubernetes ${version} is damaged: ${file}`)
      return bytes.toString('utf8')
    },
    [Symbol.asyncDispose]: async () => open.close(),
  }
}
