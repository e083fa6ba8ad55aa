import { asGatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { type FieldPage, fieldPage } from '../reference/field-page.ts'
import { addressOf, type KindName } from '../reference/kinds.ts'
import type { ReferenceSource } from '../reference/sources/source.ts'
import type { Survey } from '../reference/survey.ts'
import { fragmentOf } from './fragment.ts'
import type { Found } from './search-index.ts'
import { namesKind } from './short-names.ts'

const EXPLAIN_MS = 1_000
// Above whatever the index says.
const EXPLAINED = 1_000
const LONGEST_MENDED = 12

/** `deploy.spec.strategy`, as `kubectl explain` takes it, is the field itself. */
export async function explain(
  query: string,
  { survey, source }: { survey: Survey; source: ReferenceSource },
  sanitizer: Sanitizer,
): Promise<Found[]> {
  const { text } = sanitizer
  const [word = '', ...path] = query.trim().split('.')
  const kind = survey.kinds.find((one) => namesKind(word, one.kind))
  if (!kind || /\s/.test(query.trim())) return []
  const page = await nearPage(source, kind, path, sanitizer)
  if (!page) return []
  const title = page.field ? `${kind.kind}.${page.field}` : `${kind.kind} (${page.apiVersion})`
  const fragment = () => fragmentOf(text(page.description || page.type), [])
  const url = addressOf(kind, page.field)
  return [{ kind: 'field', title: text(title), url, score: EXPLAINED, fragment }]
}

// The field at a path; with one name mistyped, the field that is meant.
async function nearPage(
  source: ReferenceSource,
  kind: KindName,
  path: readonly string[],
  sanitizer: Sanitizer,
): Promise<FieldPage | undefined> {
  const signal = AbortSignal.timeout(EXPLAIN_MS)
  const at = (names: readonly string[]) => fieldPage(source, kind, names.join('.'), sanitizer, signal)
  try {
    return await at(path)
  } catch (thrown) {
    const { nearest: [near] = [] } = asGatehouseError(thrown).data as { nearest?: string[] }
    if (near === undefined || path.length > LONGEST_MENDED) return undefined
    for (const index of path.keys()) {
      const page = await at(path.with(index, near)).catch(() => undefined)
      if (page) return page
    }
    return undefined
  }
}
