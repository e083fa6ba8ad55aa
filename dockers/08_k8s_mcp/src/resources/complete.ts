import { topics } from '../documentation/topics.ts'
import type { KindName } from '../reference/kinds.ts'
import type { References } from '../reference/references.ts'
import { templates } from '../templates/index.ts'

/** Every value that an argument of a resource template may have, given those already chosen. */
export async function valuesOf(
  uriTemplate: string,
  argument: string,
  chosen: Readonly<Record<string, string>>,
  references: References,
): Promise<string[]> {
  if (uriTemplate.startsWith('docs://')) return (await topics()).map(({ name }) => name)
  if (uriTemplate.startsWith('template://')) return (await templates()).map(({ name }) => name)
  if (!uriTemplate.startsWith('api://')) return []
  const { kinds } = (await references.survey(undefined)).value
  const fits = kinds.filter((kind) =>
    (['group', 'version', 'kind'] as const).every(
      (part) => part === argument || chosen[part] === undefined || chosen[part] === partOf(kind, part),
    ),
  )
  const part = (['group', 'version', 'kind'] as const).find((one) => one === argument)
  return part ? [...new Set(fits.map((kind) => partOf(kind, part)))] : []
}

function partOf(kind: KindName, part: 'group' | 'version' | 'kind'): string {
  return part === 'group' ? kind.group || 'core' : kind[part]
}
