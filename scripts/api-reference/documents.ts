import { groupVersionOf } from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-files.ts'
import type { Schemas } from '../../shared/kubernetes/src/explain/openapi-schemas.ts'
import { enumsIn, withEnums } from './enums.ts'
import type { ModuleFiles } from './module-files.ts'
import { trimDocument } from './trim.ts'

/** What the reference needs of one group version. */
export interface Document {
  groupVersion: string
  schemas: Schemas
}

const DOCUMENTS = 'api/openapi-spec/v3'
const ENUMS = 'pkg/generated/openapi/zz_generated.openapi.go'

/** All group versions of a Kubernetes module, one after the other: together they are 12 MB. */
export async function* documentsOf(files: ModuleFiles): AsyncGenerator<Document> {
  const enums = enumsIn(await files.read(ENUMS))
  for (const name of await files.list(DOCUMENTS)) {
    const groupVersion = documented(name)
    if (!groupVersion) continue
    const schemas = trimDocument(await files.read(`${DOCUMENTS}/${name}`))
    yield { groupVersion, schemas: withEnums(schemas, enums) }
  }
}

/** `apis__apps__v1_openapi.json` is apps/v1; indexes of groups, logs and the like are not documents. */
function documented(file: string): string | undefined {
  return file.endsWith('_openapi.json') ? groupVersionOf(file.replace('_openapi.json', '.json')) : undefined
}
