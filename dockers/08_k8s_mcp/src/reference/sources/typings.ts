import type { Schema, Schemas } from '@gatehouse/kubernetes'
import type { ReferenceSource } from './source.ts'
import { unknownGroupVersion } from './source-errors.ts'
import { apiFiles, kindsOf } from './typings-apis.ts'
import { typingsFolder } from './typings-folder.ts'
import { type Model, readModel, versionOf } from './typings-model.ts'
import { kindOf, nameOf } from './typings-names.ts'

/**
 * The typings of the Kubernetes client as a reference: fields, types, required flags and descriptions of one minor
 * version, without defaults and enums. Always there, as the client is; read file by file, as asked for.
 */
export async function typingsSource(folder = typingsFolder()): Promise<ReferenceSource> {
  const version = await versionOf(folder)
  // Models are shared between group versions (every kind has ObjectMeta); all of them together are 3 MB.
  const models = new Map<string, Promise<Model>>()
  const model = (name: string): Promise<Model> => {
    const reading = models.get(name) ?? readModel(folder, name)
    models.set(name, reading)
    reading.catch(() => models.delete(name))
    return reading
  }
  let listing: Promise<Map<string, string>> | undefined
  const files = (): Promise<Map<string, string>> => {
    const reading = listing ?? apiFiles(folder)
    listing = reading
    reading.catch(() => {
      listing = undefined
    })
    return reading
  }

  return {
    origin: 'typings',
    version,
    groupVersions: async () => [...(await files()).keys()],
    async schemas(groupVersion, signal) {
      const all = await files()
      const file = all.get(groupVersion)
      if (!file) throw unknownGroupVersion(groupVersion, [...all.keys()], version)
      const kinds = await kindsOf(file)
      const found = await withImports(kinds, model, signal)
      return Object.fromEntries(
        [...found].map(([name, schema]) => [
          nameOf(name),
          kinds.has(name) ? ofKind(schema, groupVersion, kindOf(name)) : schema,
        ]),
      )
    },
  }
}

/** The named models and all that they refer to, level by level so that one level is read at once. */
async function withImports(
  names: Iterable<string>,
  model: (name: string) => Promise<Model>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Schemas[string]>> {
  const found = new Map<string, Schema>()
  let level = [...names]
  while (level.length > 0) {
    signal?.throwIfAborted()
    const read = await Promise.all(level.map(model))
    for (const [index, name] of level.entries()) found.set(name, read[index]?.schema ?? {})
    level = [...new Set(read.flatMap((one) => one.imports))].filter((name) => !found.has(name))
  }
  return found
}

function ofKind(schema: Schema, groupVersion: string, kind: string): Schema {
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  return { ...schema, 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
}
